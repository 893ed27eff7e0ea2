import { ipv4Number } from '../net/ipv4.ts';
import type { SocketAddress } from '../net/socket_address.ts';
import { ownCopy } from '../runtime/own_copy.ts';
import { Timer, type TimerOwner, type TimerWheel } from '../runtime/timer_wheel.ts';
import { budgetPrefix, type MemoryBudget } from './memory_budget.ts';
import type { SipRequest } from './message.ts';
import { responseTo, type ResponseContent } from './serialiser.ts';
import {
  INVITE_SERVER,
  NON_INVITE_SERVER,
  SIXTY_FOUR_T1,
  T1,
  T2,
  INVITE_TRYING_AFTER,
  NON_INVITE_TRYING_AFTER,
  transportTimers,
  type ServerAction,
  type ServerEvent,
  type ServerState,
  type ServerTable,
  type TransportTimers,
} from './transaction_table.ts';
import type { Destination, Transport } from './transport.ts';
import { viaWithSource } from './via.ts';

/** Keeps the server transactions. */
export interface ServerTransactionKeeper {
  readonly wheel: TimerWheel;
  /** A final response has gone out, or none ever will. */
  serverAnswered(transaction: ServerTransaction): void;
  /** The transaction has ended. */
  serverTerminated(transaction: ServerTransaction): void;
  /** An ACK came with the branch of an INVITE that was answered with 2xx. */
  ackReceived(ack: SipRequest, source: SocketAddress, transport: Transport): void;
  /** A final response was never acknowledged (timer H). */
  ackMissing(transaction: ServerTransaction): void;
  /** What the transactions of clients that have proved who they are may hold. */
  readonly calls: MemoryBudget;
}

/** How many octets may be sent for each that came from a client that has proved nothing. */
export const MOST_GAIN = 2;

/** What a transaction holds besides texts: itself, its timers, and what follows its request's way on. */
const OVERHEAD_OCTETS = 2048;
/** Until the answer the request is held as text, and as the packet that goes on. */
const TEXTS_OF_REQUEST = 2;

/** A request, where it came from, and where its responses go (RFC 3261 18.2.2, RFC 3581 4). */
export interface IncomingRequest {
  readonly request: SipRequest;
  readonly transport: Transport;
  readonly source: SocketAddress;
  readonly replyTo: Destination;
}

/** A server transaction (RFC 3261 17.2, RFC 6026). Its states are the tables INVITE_SERVER and NON_INVITE_SERVER. */
export class ServerTransaction implements TimerOwner<ServerEvent> {
  readonly key: string;
  readonly method: string;
  readonly transport: Transport;
  /** Source of the request. */
  readonly source: SocketAddress;
  /** The prefix of its source, by which budgets count. */
  readonly prefix: number;
  /** Where responses go. */
  readonly replyTo: Destination;
  /** Recognises this request when it comes again by another way; undefined if that does not matter. */
  mergeKey: string | undefined;
  readonly #keeper: ServerTransactionKeeper;
  readonly #table: ServerTable;
  readonly #timers: TransportTimers;
  readonly #retransmission = new Timer<ServerEvent>(this);
  readonly #lifetime = new Timer<ServerEvent>(this);
  /** Octets of the request. */
  readonly #octets: number;
  #budget: MemoryBudget | undefined;
  /** Octets that it holds of its budget. */
  #charged = 0;
  #state: ServerState;
  #interval = T1;
  /** Octets that may still be sent to a client that has proved nothing, and whose address may be forged. */
  #allowance = 0;
  // Released with the final response: a finished transaction stays for half a minute, and its text may be long.
  #request: SipRequest | undefined;
  #receivedVia: string;
  /** The response that is being sent. */
  #packet: Buffer | undefined;
  /** The latest response, an octet a character: a small Buffer would keep the pool it was cut from. */
  #answer: string | undefined;
  #toTag: string | undefined;
  #ack:
    | { readonly request: SipRequest; readonly source: SocketAddress; readonly transport: Transport }
    | undefined;

  constructor(keeper: ServerTransactionKeeper, key: string, incoming: IncomingRequest) {
    const isInvite = incoming.request.method === 'INVITE';
    this.key = ownCopy(key);
    this.method = ownCopy(incoming.request.method);
    this.transport = incoming.transport;
    this.source = incoming.source;
    this.prefix = budgetPrefix(ipv4Number(incoming.source.address) ?? 0);
    this.replyTo = incoming.replyTo;
    this.#receivedVia = viaWithSource(incoming.request.via, incoming.source.address, incoming.source.port);
    this.#keeper = keeper;
    this.#timers = transportTimers(incoming.transport);
    this.#table = isInvite ? INVITE_SERVER : NON_INVITE_SERVER;
    this.#state = isInvite ? 'proceeding' : 'trying';
    this.#request = incoming.request;
    this.#octets = incoming.request.end - incoming.request.start;
    this.#allowance = this.#earned();
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Whether a final response has gone out, or none ever will. */
  get isAnswered(): boolean {
    return this.#state !== 'trying' && this.#state !== 'proceeding';
  }

  /** The request; undefined once the final response has gone out. */
  get request(): SipRequest | undefined {
    return this.#request;
  }

  /** Value of the request's topmost Via field, marked with the packet's source; empty after the final response. */
  get receivedVia(): string {
    return this.#receivedVia;
  }

  /** Answers with a response of this element's own. Does nothing after a final response. */
  respond(content: ResponseContent): void {
    if (this.#request === undefined) return;
    if (content.toTag !== undefined) this.#toTag = content.toTag;
    this.send(content.status, responseTo(this.#request, this.#receivedVia, content));
  }

  /**
   * The client has proved who it is. Before, all responses together have at most twice the octets of the requests that
   * came (RFC 3261 26.3.2.4): those that do not fit are dropped. Over a reliable transport nobody can forge an address.
   */
  admit(): void {
    this.#allowance = Infinity;
    this.transport.trust(this.source);
    this.chargeTo(this.#keeper.calls);
  }

  /** Whether the client has proved who it is. */
  get isAdmitted(): boolean {
    return this.#budget === this.#keeper.calls;
  }

  /** Counts what it holds against that budget until it ends. */
  chargeTo(budget: MemoryBudget): void {
    this.#budget = budget;
    this.#charge();
  }

  /**
   * Whether an RFC 2543 client's ACK is for the response that went out: it has the same To tag (RFC 3261 17.2.3). The
   * tag of a response made elsewhere is unknown here; then any ACK will do.
   */
  isAcknowledgedBy(ack: SipRequest): boolean {
    return this.#toTag === undefined || ack.to.tag === this.#toTag;
  }

  /** The To tag in a response of this element's own; undefined if there was none. */
  get toTag(): string | undefined {
    return this.#toTag;
  }

  /**
   * Sends a response made elsewhere, or nothing if the state allows none. A request other than INVITE gets no 408: its
   * client has given up by then (RFC 4320 4.2).
   */
  send(status: number, packet: Buffer): void {
    if (status === 408 && this.method !== 'INVITE') return this.abandon();
    const event = status < 200 ? 'sendProvisional' : status < 300 ? 'sendSuccess' : 'sendFailure';
    if (this.#table[this.#state]?.[event] === undefined) return;
    this.#packet = packet;
    this.#on(event);
    this.#packet = undefined;
    // A 2xx to an INVITE is never repeated here (RFC 6026 8.5).
    if (this.#state !== 'accepted') this.#answer = packet.toString('latin1');
  }

  /** The user did not answer at once: unless a response comes first, a 100 goes out when it is due. */
  awaitAnswer(): void {
    if (this.#answer !== undefined) return;
    if (this.#state === 'proceeding') this.#startTrying(INVITE_TRYING_AFTER);
    else if (this.#state === 'trying') this.#startTrying(NON_INVITE_TRYING_AFTER);
  }

  /** The same request came again. */
  retransmitted(): void {
    this.#allowance += this.#earned();
    this.#on('request');
  }

  /** An ACK came with the branch of this INVITE. */
  acknowledged(request: SipRequest, source: SocketAddress, transport: Transport): void {
    this.#ack = { request, source, transport };
    this.#on('ack');
    this.#ack = undefined;
  }

  /** Ends the transaction; no final response goes out. */
  abandon(): void {
    if (this.#state !== 'terminated') this.#enter('terminated');
  }

  timerFired(event: ServerEvent): void {
    // Without a further request the allowance does not grow.
    if (event === 'timerG' && this.#answer!.length > this.#allowance) return;
    this.#on(event);
  }

  #charge(): void {
    if (this.#budget === undefined) return;
    const texts = this.isAnswered
      ? (this.#packet?.length ?? this.#answer?.length ?? 0)
      : TEXTS_OF_REQUEST * this.#octets;
    const octets = this.#state === 'terminated' ? 0 : OVERHEAD_OCTETS + texts;
    this.#budget.hold(this.prefix, octets - this.#charged);
    this.#charged = octets;
  }

  #earned(): number {
    return this.transport.reliable ? Infinity : MOST_GAIN * this.#octets;
  }

  #startTrying(delayMs: number): void {
    this.#keeper.wheel.start(this.#retransmission, 'tryingDue', delayMs);
  }

  #on(event: ServerEvent): void {
    const transition = this.#table[this.#state]?.[event];
    if (transition === undefined) return;
    if (transition.next !== this.#state) this.#enter(transition.next);
    for (const action of transition.actions) this.#act(action);
  }

  #enter(state: ServerState): void {
    const wasAnswered = this.isAnswered;
    this.#state = state;
    if (this.isAnswered && !wasAnswered) {
      this.#request = undefined;
      this.#receivedVia = '';
      this.#keeper.serverAnswered(this);
      this.#charge();
    }
    if (state !== 'terminated') return;
    this.#charge();
    this.#act('stopTimers');
    this.#keeper.serverTerminated(this);
  }

  #send(): void {
    const packet = this.#packet ?? (this.#answer && Buffer.from(this.#answer, 'latin1'));
    if (!packet || packet.length > this.#allowance) return;
    this.#allowance -= packet.length;
    const mayOpen = this.isAdmitted || !this.transport.reliable;
    const destination = mayOpen ? this.replyTo : withoutOpening(this.replyTo);
    this.transport.send(packet, destination);
  }

  #act(action: ServerAction): void {
    const { wheel } = this.#keeper;
    switch (action) {
      case 'send':
      case 'resend':
        return this.#send();
      case 'sendTrying':
        this.#answer = responseTo(this.#request!, this.#receivedVia, { status: 100 }).toString('latin1');
        return this.#send();
      case 'restartG':
        this.#interval = Math.min(2 * this.#interval, T2);
        return wheel.start(this.#retransmission, 'timerG', this.#interval);
      case 'startGAndH':
        if (this.#timers.repeats) wheel.start(this.#retransmission, 'timerG', this.#interval);
        return wheel.start(this.#lifetime, 'timerH', SIXTY_FOUR_T1);
      case 'startI':
        this.#answer = undefined;
        return wheel.start(this.#lifetime, 'timerI', this.#timers.I);
      case 'startJ':
        return wheel.start(this.#lifetime, 'timerJ', this.#timers.J);
      case 'startL':
        this.#answer = undefined;
        return wheel.start(this.#lifetime, 'timerL', SIXTY_FOUR_T1);
      case 'stopTimers':
        wheel.stop(this.#retransmission);
        return wheel.stop(this.#lifetime);
      case 'passAckUp':
        return this.#keeper.ackReceived(this.#ack!.request, this.#ack!.source, this.#ack!.transport);
      case 'reportNoAck':
        return this.#keeper.ackMissing(this);
    }
  }
}

/** The destination, reached only if its connection is open: strangers do not make this element open connections. */
export function withoutOpening(destination: Destination): Destination {
  return { ...destination, opens: false };
}
