import type { SocketAddress } from '../net/socket_address.ts';
import { Timer, type TimerOwner, type TimerWheel } from '../runtime/timer_wheel.ts';
import type { SipResponse } from './message.ts';
import { ackOf, type SentInvite } from './serialiser.ts';
import {
  INVITE_CLIENT,
  NON_INVITE_CLIENT,
  SIXTY_FOUR_T1,
  T1,
  T2,
  transportTimers,
  type ClientAction,
  type ClientEvent,
  type ClientState,
  type ClientTable,
  type TransportTimers,
} from './transaction_table.ts';
import type { Destination, Sender, Transport } from './transport.ts';

/** Hears the responses to its request. Hears nothing more after `failed`. */
export interface ClientTransactionUser {
  /** A response to act on. Retransmitted final responses are left out, except a 2xx to an INVITE. */
  answered(response: SipResponse): void;
  /** No final response will come. */
  failed(cause: FailureCause): void;
}

/** Why no final response will come: `tooLarge` says that the request does not fit into a datagram. */
export type FailureCause = 'timeout' | 'transport' | 'tooLarge';

/** A request and where it goes. */
export interface OutgoingRequest {
  readonly packet: Buffer;
  readonly method: string;
  /** Branch of its topmost Via, which this element gives no other request. */
  readonly branch: string;
  readonly transport: Transport;
  readonly destination: Destination;
  /** What its ACK is made of; undefined for every method but INVITE. */
  readonly invite: SentInvite | undefined;
}

/** Keeps the client transactions. */
export interface ClientTransactionKeeper {
  readonly wheel: TimerWheel;
  /** A first answer came, or none will. */
  clientAnswered(transaction: ClientTransaction): void;
  /** The transaction has ended. */
  clientTerminated(transaction: ClientTransaction): void;
}

/** A client transaction (RFC 3261 17.1, RFC 6026). Its states are the tables INVITE_CLIENT and NON_INVITE_CLIENT. */
export class ClientTransaction implements Sender, TimerOwner<ClientEvent> {
  readonly key: string;
  readonly method: string;
  readonly #keeper: ClientTransactionKeeper;
  readonly #user: ClientTransactionUser;
  readonly #transport: Transport;
  readonly #destination: Destination;
  readonly #table: ClientTable;
  readonly #timers: TransportTimers;
  readonly #retransmission = new Timer<ClientEvent>(this);
  readonly #lifetime = new Timer<ClientEvent>(this);
  #state: ClientState;
  #interval = T1;
  #response: SipResponse | undefined;
  #isTooLarge = false;
  // Released as soon as no state needs them: a finished transaction stays for half a minute.
  #packet: Buffer | undefined;
  #invite: SentInvite | undefined;

  constructor(keeper: ClientTransactionKeeper, user: ClientTransactionUser, outgoing: OutgoingRequest) {
    const isInvite = outgoing.method === 'INVITE';
    this.key = clientKey(outgoing.branch, outgoing.method);
    this.method = outgoing.method;
    this.#keeper = keeper;
    this.#user = user;
    this.#transport = outgoing.transport;
    this.#destination = outgoing.destination;
    this.#timers = transportTimers(outgoing.transport);
    this.#packet = outgoing.packet;
    this.#invite = outgoing.invite;
    this.#table = isInvite ? INVITE_CLIENT : NON_INVITE_CLIENT;
    this.#state = isInvite ? 'calling' : 'trying';
  }

  get state(): ClientState {
    return this.#state;
  }

  get transport(): Transport {
    return this.#transport;
  }

  /** Sends the request and starts its timers. */
  start(): void {
    const isInvite = this.#state === 'calling';
    if (this.#timers.repeats)
      this.#keeper.wheel.start(this.#retransmission, isInvite ? 'timerA' : 'timerE', this.#interval);
    this.#keeper.wheel.start(this.#lifetime, isInvite ? 'timerB' : 'timerF', SIXTY_FOUR_T1);
    this.#send();
  }

  /** Takes a response to the request. */
  receive(response: SipResponse): void {
    this.#response = response;
    if (response.status < 200) this.#on('provisional');
    else if (response.status < 300) this.#on('success');
    else this.#on('failure');
    this.#response = undefined;
  }

  /** Whether the request went to that endpoint; always true without one. */
  wentTo(destination: SocketAddress | undefined): boolean {
    if (destination === undefined) return true;
    const { otherwise } = this.#destination;
    return (
      isSame(destination, this.#destination) || (otherwise !== undefined && isSame(destination, otherwise))
    );
  }

  /** The network said that the request was not delivered. */
  undelivered(): void {
    this.#on('transportError');
  }

  unsent(code: string): void {
    this.#isTooLarge = code === 'EMSGSIZE';
    this.#on('transportError');
  }

  /** Ends the transaction without telling its user. */
  abandon(): void {
    if (this.#state !== 'terminated') this.#enter('terminated');
  }

  timerFired(event: ClientEvent): void {
    this.#on(event);
  }

  #send(): void {
    this.#transport.send(this.#packet!, this.#destination, this);
  }

  #on(event: ClientEvent): void {
    const transition = this.#table[this.#state]?.[event];
    if (transition === undefined) return;
    if (transition.next !== this.#state) this.#enter(transition.next);
    for (const action of transition.actions) this.#act(action);
  }

  #enter(state: ClientState): void {
    if (this.#state === 'calling' || this.#state === 'trying') this.#keeper.clientAnswered(this);
    this.#state = state;
    if (state !== 'terminated') return;
    this.#act('stopTimers');
    this.#packet = undefined;
    this.#invite = undefined;
    this.#keeper.clientTerminated(this);
  }

  #act(action: ClientAction): void {
    const { wheel } = this.#keeper;
    switch (action) {
      case 'passUp':
        return this.#user.answered(this.#response!);
      case 'resend':
        return this.#send();
      case 'acknowledge':
        this.#packet = ackOf(this.#invite!, this.#response!);
        this.#invite = undefined;
        return this.#send();
      case 'acknowledgeAgain':
        return this.#send();
      case 'restartA':
        this.#interval *= 2;
        return wheel.start(this.#retransmission, 'timerA', this.#interval);
      case 'restartE':
        this.#interval = this.#state === 'proceeding' ? T2 : Math.min(2 * this.#interval, T2);
        return wheel.start(this.#retransmission, 'timerE', this.#interval);
      case 'startD':
        return wheel.start(this.#lifetime, 'timerD', this.#timers.D);
      case 'startK':
        this.#packet = undefined;
        return wheel.start(this.#lifetime, 'timerK', this.#timers.K);
      case 'startM':
        this.#packet = undefined;
        this.#invite = undefined;
        return wheel.start(this.#lifetime, 'timerM', SIXTY_FOUR_T1);
      case 'stopTimers':
        wheel.stop(this.#retransmission);
        return wheel.stop(this.#lifetime);
      case 'reportTimeout':
        return this.#user.failed('timeout');
      case 'reportTransportError':
        return this.#user.failed(this.#isTooLarge ? 'tooLarge' : 'transport');
    }
  }
}

function isSame(one: SocketAddress, other: SocketAddress): boolean {
  return one.port === other.port && one.address === other.address;
}

/** The key of a transaction. A CANCEL has its INVITE's branch, so the method tells them apart (RFC 3261 17.1.3). */
export function clientKey(branch: string, method: string): string {
  return `${method}|${branch}`;
}
