import type { SocketAddress } from '../net/socket_address.ts';
import type { Log } from '../observe/log.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { TimerWheel } from '../runtime/timer_wheel.ts';
import { listen, type Listener } from './listener.ts';
import type { MalformedRequest, SipRequest, SipResponse } from './message.ts';
import { parseMessage } from './parser.ts';
import { responseTo } from './serialiser.ts';
import { MOST_GAIN, withoutOpening } from './server_transaction.ts';
import { randomTag } from './tag.ts';
import {
  replyEndpoint,
  TransactionLayer,
  type TransactionBudgets,
  type TransactionUser,
} from './transaction_layer.ts';
import type { Transport, TransportUser } from './transport.ts';
import type { TcpBinding } from './transport_tcp.ts';
import { UdpTransport, type UdpBinding } from './transport_udp.ts';
import { viaWithSource } from './via.ts';

/** What an endpoint counts, and what each count means. All of them only rise. */
export const ENDPOINT_COUNTERS = {
  received: 'Datagrams received, and messages over TCP.',
  dropped:
    'Messages ignored: keep-alives, stray responses, malformed messages that cannot be answered, or only at length.',
  malformed: 'Malformed requests that were answered.',
  undelivered: 'Messages that could not be sent or that the network refused.',
  exceptions: 'Exceptions caught at the socket and in timers: bugs.',
} as const;

/** The counts of one endpoint. */
export type EndpointCounters = Record<keyof typeof ENDPOINT_COUNTERS, number>;

/** Sees everything received before the transactions do. It takes what it returns true for. */
export interface Interceptor {
  /** Raw octets, before they are parsed. */
  takesPacket(packet: Buffer, source: SocketAddress, transport: Transport): boolean;
  /** A request; `packet` holds its octets. */
  takesRequest(request: SipRequest, packet: Buffer, source: SocketAddress, transport: Transport): boolean;
  /** A response that no transaction here waits for. */
  takesStrayResponse(response: SipResponse, packet: Buffer): boolean;
}

/** What an endpoint is made of. Each part can be replaced alone. */
export interface EndpointParts {
  readonly TransactionLayer: typeof TransactionLayer;
  /** Opens a port over UDP and TCP. */
  readonly listen: typeof listen;
  /** Opens a socket over UDP alone. */
  readonly bindUdp: typeof UdpTransport.bind;
}

/** The parts of an endpoint that nothing replaces. */
export const REAL_ENDPOINT_PARTS: EndpointParts = {
  TransactionLayer,
  listen,
  bindUdp: (binding, user) => UdpTransport.bind(binding, user),
};

/** What an endpoint needs. */
export interface SipEndpointOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What its transactions may hold in memory. Default: any amount. */
  readonly budgets?: TransactionBudgets;
  /** Parts to replace (faults, tests). */
  readonly parts?: EndpointParts;
}

/**
 * A SIP element up to its transactions (RFC 3261 sections 7, 17 and 18): sockets, framing, parsing, and the answer to a
 * malformed request. Its transaction user (section 5) makes it a proxy or a user agent: the user gets the new requests,
 * and sends its own through `transactions`.
 */
export class SipEndpoint implements TransportUser {
  readonly wheel: TimerWheel;
  readonly transactions: TransactionLayer;
  readonly counters: EndpointCounters = {
    received: 0,
    dropped: 0,
    malformed: 0,
    undelivered: 0,
    exceptions: 0,
  };
  readonly #random: Random;
  readonly #log: Log;
  readonly #parts: EndpointParts;
  readonly #sockets = new AsyncDisposableStack();
  #interceptor: Interceptor | undefined;
  #isServing = false;

  constructor({ clock, random, log, budgets, parts = REAL_ENDPOINT_PARTS }: SipEndpointOptions) {
    this.#random = random;
    this.#log = log;
    this.#parts = parts;
    this.wheel = new TimerWheel(clock, (error) => this.caught(error));
    this.transactions = new parts.TransactionLayer(this.wheel, budgets);
  }

  /** Opens a port over UDP and TCP. Rejects with the system's error. */
  async listen(binding: TcpBinding): Promise<Listener> {
    const listener = await this.#parts.listen(binding, this, this.wheel);
    return this.#sockets.adopt(listener, (open) => open.close());
  }

  /** Opens a UDP socket. Rejects with the system's error. */
  async bindUdp(binding: UdpBinding): Promise<UdpTransport> {
    return this.#sockets.adopt(await this.#parts.bindUdp(binding, this), (open) => open.close());
  }

  /** From now on that user gets the messages. Earlier ones were dropped; their senders repeat them. */
  serve(user: TransactionUser, interceptor?: Interceptor): void {
    this.transactions.serve(user);
    this.#interceptor = interceptor;
    this.#isServing = true;
  }

  /** Stops the timers and closes the sockets, the last opened first. */
  async close(): Promise<void> {
    this.wheel.stopAll();
    await this.#sockets.disposeAsync();
  }

  received(packet: Buffer, source: SocketAddress, transport: Transport): void {
    this.counters.received++;
    try {
      this.#receive(packet, source, transport);
    } catch (error) {
      // No message may end the process: an exception here is a bug, and is reported as one.
      this.caught(error);
    }
  }

  undelivered(code: string, transport: Transport, destination?: SocketAddress): void {
    this.counters.undelivered++;
    if (destination !== undefined) return this.transactions.undelivered(transport, destination);
    // Only a socket with one peer hears ICMP: nothing that was sent to the peer will be answered.
    if (transport.peer === undefined || code !== 'ECONNREFUSED') return;
    this.#log({ level: 'warn', event: 'sip.peer-refused', code, ...transport.peer });
    this.transactions.undelivered(transport);
  }

  /** Counts and logs an exception, which is a bug. */
  caught(error: unknown): void {
    this.counters.exceptions++;
    this.#log({
      level: 'error',
      event: 'sip.exception',
      stack: error instanceof Error ? error.stack : undefined,
    });
  }

  #receive(packet: Buffer, source: SocketAddress, transport: Transport): void {
    if (!this.#isServing) return;
    if (this.#interceptor?.takesPacket(packet, source, transport) === true) return;
    const message = parseMessage(packet, transport.reliable);
    switch (message.kind) {
      case 'request':
        if (this.#interceptor?.takesRequest(message, packet, source, transport) === true) return;
        return this.transactions.receiveRequest(message, source, transport);
      case 'response':
        if (this.transactions.receiveResponse(message)) return;
        if (this.#interceptor?.takesStrayResponse(message, packet) !== true) this.counters.dropped++;
        return;
      case 'malformed':
        return this.#refuse(message, source, transport);
      case 'drop':
        this.counters.dropped++;
    }
  }

  /**
   * Answers statelessly: a malformed request makes no transaction (RFC 3261 8.2.7). Nor does the answer grow too large
   * for a client whose address may be forged (26.3.2.4).
   */
  #refuse(malformed: MalformedRequest, source: SocketAddress, transport: Transport): void {
    const { message, via, status, reasonPhrase } = malformed;
    const topVia = viaWithSource(via, source.address, source.port);
    const toTag = randomTag(this.#random);
    const answer = responseTo(message, topVia, { status, reasonPhrase, toTag });
    if (!transport.reliable && answer.length > MOST_GAIN * message.text.length) {
      this.counters.dropped++;
      return;
    }
    this.counters.malformed++;
    transport.send(answer, withoutOpening(replyEndpoint(via, source, transport)));
  }
}
