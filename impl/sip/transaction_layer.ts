import type { SocketAddress } from '../net/socket_address.ts';
import { ownCopy } from '../runtime/own_copy.ts';
import type { TimerWheel } from '../runtime/timer_wheel.ts';
import {
  ClientTransaction,
  clientKey,
  type ClientTransactionKeeper,
  type ClientTransactionUser,
  type OutgoingRequest,
} from './client_transaction.ts';
import { MemoryBudget } from './memory_budget.ts';
import type { SipRequest, SipResponse } from './message.ts';
import { ServerTransaction, type ServerTransactionKeeper } from './server_transaction.ts';
import type { Destination, Transport } from './transport.ts';
import { DEFAULT_PORT, MAGIC_COOKIE, type Via } from './via.ts';

/** The transaction user: the core above the transactions (RFC 3261 section 5). */
export interface TransactionUser {
  /** A new request; `request.method` is never ACK. */
  requested(transaction: ServerTransaction, request: SipRequest): void;
  /** An ACK for a 2xx, or one that belongs to no transaction. */
  acknowledged(ack: SipRequest, source: SocketAddress, transport: Transport): void;
  /** A final response was never acknowledged (timer H). */
  unacknowledged(): void;
}

/** What the transactions may hold: those that were admitted, and those of clients that have proved nothing. */
export interface TransactionBudgets {
  readonly calls: MemoryBudget;
  readonly strangers: MemoryBudget;
}

/** Finds the transaction of each message, and makes a new one for each new request (RFC 3261 17.1.3, 17.2.3). */
export class TransactionLayer implements ClientTransactionKeeper, ServerTransactionKeeper {
  readonly wheel: TimerWheel;
  readonly calls: MemoryBudget;
  readonly strangers: MemoryBudget;
  #user: TransactionUser | undefined;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #clients = new Map<string, ClientTransaction>();
  /** The server transactions of requests that this element answers itself, by `mergeKey`. */
  readonly #answeredHere = new Map<string, ServerTransaction>();
  /** Client transactions without any response yet: an ICMP message may be about these. */
  readonly #unanswered = new Set<ClientTransaction>();
  #awaitingAnswer = 0;
  #drained: (() => void) | undefined;

  /** Without budgets, transactions may hold any amount of memory. */
  constructor(wheel: TimerWheel, budgets?: TransactionBudgets) {
    this.wheel = wheel;
    this.calls = budgets?.calls ?? new MemoryBudget(Infinity);
    this.strangers = budgets?.strangers ?? new MemoryBudget(Infinity);
  }

  /** From now on that user gets the requests. */
  serve(user: TransactionUser): void {
    this.#user = user;
  }

  /** How many transactions are kept, finished ones included. */
  get size(): number {
    return this.#servers.size + this.#clients.size;
  }

  /** Hands a request to its transaction, or to the user in a new one. */
  receiveRequest(request: SipRequest, source: SocketAddress, transport: Transport): void {
    const key = serverKey(request, source);
    const known = this.#servers.get(key);
    if (request.method === 'ACK') {
      if (known === undefined || !isAckOf(known, request))
        this.#user?.acknowledged(request, source, transport);
      else known.acknowledged(request, source, transport);
      return;
    }
    if (known !== undefined) return known.retransmitted();
    const replyTo = replyEndpoint(request.via, source, transport);
    const transaction = new ServerTransaction(this, key, { request, source, transport, replyTo });
    this.#servers.set(transaction.key, transaction);
    this.#awaitingAnswer++;
    this.#user?.requested(transaction, request);
    if (!transaction.isAdmitted) this.#keepIfRoom(transaction);
    transaction.awaitAnswer();
  }

  /** Beyond the budget a stranger's request was answered, if at all, without state (RFC 3261 8.2.7). */
  #keepIfRoom(transaction: ServerTransaction): void {
    if (transaction.state === 'terminated') return;
    if (this.strangers.hasRoom(transaction.prefix)) transaction.chargeTo(this.strangers);
    else transaction.abandon();
  }

  /** Whether a transaction exists that the request belongs to: its own; for an ACK or CANCEL also its INVITE's. */
  knows(request: SipRequest, source: SocketAddress): boolean {
    const known = this.#servers.get(serverKey(request, source));
    if (request.method === 'ACK') return known !== undefined && isAckOf(known, request);
    if (request.method === 'CANCEL' && this.inviteToCancel(request, source) !== undefined) return true;
    return known !== undefined;
  }

  /**
   * Whether a request that this element answers itself has come by another way before, and is still known: then the
   * answer is 482 (RFC 3261 8.2.2.2). Ask once, before answering; never for a request that is forwarded.
   */
  isMerged(transaction: ServerTransaction, request: SipRequest): boolean {
    if (request.to.tag !== undefined) return false;
    const key = mergeKey(request);
    const known = this.#answeredHere.get(key);
    if (known !== undefined) return known !== transaction;
    transaction.mergeKey = ownCopy(key);
    this.#answeredHere.set(transaction.mergeKey, transaction);
    return false;
  }

  /** Hands a response to its transaction; false if it has none and must go no further (RFC 6026 8.9). */
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

  /** The transaction of the INVITE that a CANCEL is for (RFC 3261 9.2). */
  inviteToCancel(cancel: SipRequest, source: SocketAddress): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, source, 'INVITE'));
  }

  /**
   * The peer of a transport, or the one at `destination`, is not there: whatever it has not answered yet has failed
   * (RFC 3261 17.1.4).
   */
  undelivered(transport: Transport, destination?: SocketAddress): void {
    for (const transaction of this.#unanswered) {
      if (transaction.transport === transport && transaction.wentTo(destination)) transaction.undelivered();
    }
  }

  /** Resolves when every request has its final answer. */
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
    if (transaction.mergeKey !== undefined) this.#answeredHere.delete(transaction.mergeKey);
  }

  ackReceived(ack: SipRequest, source: SocketAddress, transport: Transport): void {
    this.#user?.acknowledged(ack, source, transport);
  }

  ackMissing(): void {
    this.#user?.unacknowledged();
  }
}

/**
 * RFC 3261 17.2.3: branch, sent-by and method, an ACK's being INVITE. The packet's source address is part of the key
 * too, so that nobody else can end or acknowledge a call by guessing a branch. Without the magic cookie the key is what
 * RFC 2543 compares, except the To tag: an ACK has one, its INVITE does not, and the transaction compares it.
 */
function serverKey(request: SipRequest, source: SocketAddress, method = request.method): string {
  const { via } = request;
  const matched = method === 'ACK' ? 'INVITE' : method;
  const { branch } = via;
  if (hasCookie(branch)) return `${matched}|${source.address}|${via.host}:${via.port ?? ''}|${branch}`;
  // Only the last of these may hold a line break, so it separates them without ambiguity.
  const { cseq, from, callId, uriText } = request;
  const topmost = via.text.slice(via.start, via.end);
  return `${matched}\n${source.address}\n${cseq}\n${from.tag ?? ''}\n${callId}\n${uriText}\n${topmost}`;
}

/** Whether the ACK is for this INVITE. Without the magic cookie the key does not prove it (RFC 3261 17.2.3). */
function isAckOf(known: ServerTransaction, ack: SipRequest): boolean {
  return hasCookie(ack.via.branch) || known.isAcknowledgedBy(ack);
}

function hasCookie(branch: string | undefined): boolean {
  return branch !== undefined && branch.length > MAGIC_COOKIE.length && branch.startsWith(MAGIC_COOKIE);
}

/** RFC 3261 8.2.2.2: From tag, Call-ID and CSeq. */
function mergeKey({ from, callId, cseq, method }: SipRequest): string {
  return `${from.tag ?? ''}\n${callId}\n${cseq}\n${method}`;
}

/**
 * Where responses go. Over TCP: over the request's connection, or if that is gone, a new one to the source address and
 * the port of sent-by (RFC 3261 18.2.2). Over UDP: with rport to the packet's source (RFC 3581 4), without it to the
 * source address and the port of sent-by (RFC 3261 18.2.2). Never to `maddr` or `received` as the client wrote them:
 * anybody could aim our answers at a third party.
 */
export function replyEndpoint(
  via: Via,
  source: SocketAddress,
  transport: { readonly reliable: boolean },
): Destination {
  if (via.rport && !transport.reliable) return source;
  const { address, port } = source;
  const sentBy = { address, port: via.port ?? DEFAULT_PORT };
  return transport.reliable ? { address, port, otherwise: sentBy } : sentBy;
}
