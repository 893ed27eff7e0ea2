import { ClientTransaction, clientKey } from './client_transaction.ts';
import type {
  ClientTransactionKeeper,
  ClientTransactionUser,
  OutgoingRequest,
} from './client_transaction.ts';
import type { SipRequest, SipResponse } from './message.ts';
import { ServerTransaction } from './server_transaction.ts';
import type { ServerTransactionKeeper } from './server_transaction.ts';
import type { TimerWheel } from './timer_wheel.ts';
import type { Endpoint, Transport } from './transport.ts';
import { DEFAULT_PORT, MAGIC_COOKIE } from './via.ts';
import type { Via } from './via.ts';

/** The core above the transactions (RFC 3261 section 5: the transaction user). */
export interface TransactionUser {
  /** A new request; `request.method` is never ACK. */
  requested(transaction: ServerTransaction, request: SipRequest): void;
  /** An ACK for a 2xx, or one that belongs to nothing. */
  acknowledged(ack: SipRequest, source: Endpoint, transport: Transport): void;
  /** A final response was never acknowledged (timer H). */
  unacknowledged(): void;
}

/** Finds the transaction of each message, and makes a new one for each new request (RFC 3261 17.1.3, 17.2.3). */
export class TransactionLayer implements ClientTransactionKeeper, ServerTransactionKeeper {
  readonly wheel: TimerWheel;
  readonly #user: TransactionUser;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #clients = new Map<string, ClientTransaction>();
  /** Client transactions that nothing has come back for: those an ICMP message may speak of. */
  readonly #unanswered = new Set<ClientTransaction>();
  #awaitingAnswer = 0;
  #drained: (() => void) | undefined;

  constructor(wheel: TimerWheel, user: TransactionUser) {
    this.wheel = wheel;
    this.#user = user;
  }

  /** How many transactions are kept, finished ones included. */
  get size(): number {
    return this.#servers.size + this.#clients.size;
  }

  receiveRequest(request: SipRequest, source: Endpoint, transport: Transport): void {
    const key = serverKey(request, source);
    const known = this.#servers.get(key);
    if (request.method === 'ACK') {
      if (known === undefined) this.#user.acknowledged(request, source, transport);
      else known.acknowledged(request, source, transport);
      return;
    }
    if (known !== undefined) return known.retransmitted();
    const replyTo = replyEndpoint(request.via, source);
    const transaction = new ServerTransaction(this, key, { request, source, transport, replyTo });
    this.#servers.set(key, transaction);
    this.#awaitingAnswer++;
    this.#user.requested(transaction, request);
  }

  /** Hands a response to its transaction; false where it has none (RFC 6026 8.9: then it goes no further). */
  receiveResponse(response: SipResponse): boolean {
    const { branch } = response.via;
    const transaction = branch && this.#clients.get(clientKey(branch, response.method));
    if (!transaction) return false;
    transaction.receive(response);
    return true;
  }

  /** Sends a request in a new client transaction. */
  send(outgoing: OutgoingRequest, user: ClientTransactionUser): ClientTransaction {
    const transaction = new ClientTransaction(this, user, outgoing);
    this.#clients.set(transaction.key, transaction);
    this.#unanswered.add(transaction);
    transaction.start();
    return transaction;
  }

  /** The INVITE transaction that a CANCEL asks to end (RFC 3261 9.2). */
  inviteToCancel(cancel: SipRequest, source: Endpoint): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, source, 'INVITE'));
  }

  /** The peer of a transport is not there: nothing sent to it and not yet answered will be. */
  undelivered(transport: Transport): void {
    for (const transaction of this.#unanswered) {
      if (transaction.transport === transport) transaction.undelivered();
    }
  }

  /** Resolves as soon as every request has its final answer. */
  whenAnswered(): Promise<void> {
    if (this.#awaitingAnswer === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    return promise;
  }

  clientAnswered(transaction: ClientTransaction): void {
    this.#unanswered.delete(transaction);
  }

  clientTerminated(transaction: ClientTransaction): void {
    this.#clients.delete(transaction.key);
  }

  serverAnswered(): void {
    this.#awaitingAnswer--;
    if (this.#awaitingAnswer > 0) return;
    this.#drained?.();
    this.#drained = undefined;
  }

  serverTerminated(transaction: ServerTransaction): void {
    this.#servers.delete(transaction.key);
  }

  ackReceived(ack: SipRequest, source: Endpoint, transport: Transport): void {
    this.#user.acknowledged(ack, source, transport);
  }

  ackMissing(): void {
    this.#user.unacknowledged();
  }
}

/**
 * RFC 3261 17.2.3: branch, sent-by and method, where an ACK belongs to its INVITE. The packet's source address is part
 * of the key too, so that nobody else can end or acknowledge a call by guessing a branch. Without the magic cookie
 * it is what RFC 2543 compares, the To tag left out, which an ACK has and its INVITE has not.
 */
function serverKey(request: SipRequest, source: Endpoint, method = request.method): string {
  const { via } = request;
  const matched = method === 'ACK' ? 'INVITE' : method;
  const { branch } = via;
  if (branch !== undefined && branch.length > MAGIC_COOKIE.length && branch.startsWith(MAGIC_COOKIE)) {
    return `${matched}|${source.address}|${via.host}:${via.port ?? ''}|${branch}`;
  }
  const topmost = via.text.slice(via.start, via.end);
  return `${matched}|${source.address}|2543|${request.cseq}|${request.from.tag}|${request.callId}|${request.uriText}|${topmost}`;
}

/**
 * Where responses go over UDP: with rport to the packet's source (RFC 3581 4), without it to the source address and
 * the port of sent-by (RFC 3261 18.2.2). Never to `maddr` or `received` as the client wrote them: that would let
 * anybody aim our answers at a third party.
 */
export function replyEndpoint(via: Via, source: Endpoint): Endpoint {
  return via.rport ? source : { address: source.address, port: via.port ?? DEFAULT_PORT };
}
