import { connect, isIPv4, type Socket } from 'node:net';

import type { SocketAddress } from '../net/socket_address.ts';
import type { TimerWheel } from '../runtime/timer_wheel.ts';
import { TcpAcceptors, type AcceptorsBinding } from './tcp_acceptors.ts';
import {
  TcpConnection,
  type ConnectionEnd,
  type ConnectionKeeper,
  type ConnectionLimits,
} from './tcp_connection.ts';
import type { Destination, Transport, TransportUser } from './transport.ts';

/** The limits of the transport. */
export interface TcpLimits extends ConnectionLimits {
  /** Connections in all. */
  readonly connections: number;
  /** Connections that one source address has opened. */
  readonly connectionsPerAddress: number;
  /** Octets of memory that all connections together may hold, unfinished messages and what waits for peers. */
  readonly heldOctets: number;
  /** The part of it that strangers may hold: peers that have not proved who they are. */
  readonly strangerHeldOctets: number;
}

const DEFAULT_LIMITS: TcpLimits = {
  connections: 4096,
  connectionsPerAddress: 1024,
  connectMs: 5000,
  firstMessageMs: 10_000,
  messageMs: 10_000,
  idleMs: 180_000,
  stalledMs: 10_000,
  queuedOctets: 1 << 20,
  strangerQueuedOctets: 1 << 16,
  heldOctets: 1 << 26,
  strangerHeldOctets: 1 << 24,
};

/** What happened to connections since the start. */
export type TcpCounters = Record<
  'accepted' | 'opened' | 'refused' | 'evicted' | 'failed' | ConnectionEnd,
  number
>;

/** Where a TCP transport listens, and its limits. */
export interface TcpBinding extends AcceptorsBinding {
  readonly limits?: Partial<TcpLimits>;
}

/** The connections that came from one address. */
interface Origin {
  count: number;
  /** Those of strangers; the one that has been silent for longest comes first. */
  readonly strangers: Set<TcpConnection>;
}

/**
 * TCP (RFC 3261 section 18). It keeps the connections it accepted and those it opened, by their other end, so that
 * messages to that end use them. Failures are counted and reported to its user, never thrown.
 */
export class TcpTransport implements Transport, ConnectionKeeper {
  readonly protocol = 'TCP';
  readonly reliable = true;
  readonly address: string;
  readonly port: number;
  readonly wheel: TimerWheel;
  readonly limits: TcpLimits;
  readonly counters: TcpCounters = {
    accepted: 0,
    opened: 0,
    refused: 0,
    evicted: 0,
    failed: 0,
    misframed: 0,
    overflowed: 0,
    stalled: 0,
    timedOut: 0,
  };
  readonly #acceptors: TcpAcceptors;
  readonly #user: TransportUser;
  readonly #all = new Set<TcpConnection>();
  /** The open connections by their other end. */
  readonly #byPeer = new Map<string, TcpConnection>();
  readonly #origins = new Map<string, Origin>();
  /** Connections of peers that have not proved who they are; the one that has been silent for longest comes first. */
  readonly #strangers = new Set<TcpConnection>();
  #held = 0;
  #strangersHeld = 0;
  readonly #closed = Promise.withResolvers<void>();
  #isOpen = true;
  #isListening = true;

  private constructor(acceptors: TcpAcceptors, user: TransportUser, kept: Kept) {
    this.#acceptors = acceptors;
    this.#user = user;
    this.address = acceptors.address;
    this.port = acceptors.port;
    this.wheel = kept.wheel;
    this.limits = kept.limits;
    acceptors.serve(
      (socket) => this.#accept(socket),
      () => this.counters.failed++,
    );
  }

  /** Starts to listen. Rejects with the system's error (EADDRINUSE, EADDRNOTAVAIL, EACCES …). */
  static async bind(binding: TcpBinding, user: TransportUser, wheel: TimerWheel): Promise<TcpTransport> {
    const limits = { ...DEFAULT_LIMITS, ...binding.limits };
    return new TcpTransport(await TcpAcceptors.open(binding), user, { wheel, limits });
  }

  /** How many connections there are, opening and closing ones included. */
  get connections(): number {
    return this.#all.size;
  }

  /** Sends over the open connection to that endpoint, or over a new one if that is allowed (RFC 3261 18.1.1, 18.2.2). */
  send(packet: Buffer, destination: Destination): void {
    if (!this.#isOpen) return;
    const { otherwise, opens = true } = destination;
    const connection =
      this.#byPeer.get(keyOf(destination)) ??
      (otherwise && this.#byPeer.get(keyOf(otherwise))) ??
      (opens ? this.#open(otherwise ?? destination) : undefined);
    connection?.send(packet);
  }

  /** Accepts no more connections, sends what is queued, and closes. */
  close(): Promise<void> {
    if (!this.#isOpen) return this.#closed.promise;
    this.#isOpen = false;
    void this.#stopListening();
    for (const connection of this.#all) connection.close();
    return this.#closed.promise;
  }

  async #stopListening(): Promise<void> {
    await this.#acceptors.close();
    this.#isListening = false;
    this.#resolveClosed();
  }

  received(packet: Buffer, { peer }: TcpConnection): void {
    this.#user.received(packet, peer, this);
  }

  /** Its connections are no longer a stranger's (rule hard.strangers.slots). */
  trust(source: SocketAddress): void {
    const connection = this.#byPeer.get(keyOf(source));
    if (connection === undefined || connection.isTrusted) return;
    connection.trust();
    this.#strangersHeld -= connection.held;
    this.#forgetStranger(connection);
  }

  spoke(connection: TcpConnection): void {
    if (!this.#strangers.delete(connection)) return;
    this.#strangers.add(connection);
    const siblings = this.#origins.get(connection.peer.address)?.strangers;
    if (siblings?.delete(connection)) siblings.add(connection);
  }

  holds(connection: TcpConnection, octets: number): void {
    this.#held += octets;
    if (!connection.isTrusted) this.#strangersHeld += octets;
    if (octets < 0) return;
    const { heldOctets, strangerHeldOctets } = this.limits;
    if (this.#strangersHeld > strangerHeldOctets) largestOf(this.#strangers)?.overflow();
    else if (this.#held > heldOctets) largestOf(this.#all)?.overflow();
  }

  ended(connection: TcpConnection): void {
    const key = keyOf(connection.peer);
    if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
    this.#forgetStranger(connection);
  }

  gaveUp(_connection: TcpConnection, why: ConnectionEnd): void {
    this.counters[why]++;
  }

  failed({ peer, isOwn, hasSpoken }: TcpConnection, code: string): void {
    // A peer that connects and leaves without a message was never sent anything.
    if (isOwn || hasSpoken) this.#undelivered(code, peer);
    else this.counters.failed++;
  }

  closed(connection: TcpConnection): void {
    if (!this.#all.delete(connection)) return;
    this.#resolveClosed();
    if (connection.isOwn) return;
    const { address } = connection.peer;
    const origin = this.#origins.get(address);
    if (origin !== undefined && --origin.count === 0) this.#origins.delete(address);
  }

  #resolveClosed(): void {
    if (!this.#isListening && this.#all.size === 0) this.#closed.resolve();
  }

  #accept(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    // Gone already.
    if (address === undefined || port === undefined) return void socket.destroy();
    if (!this.#isOpen || !this.#hasRoomFor(address)) {
      this.counters.refused++;
      return void socket.destroy();
    }
    this.counters.accepted++;
    const connection = this.#keep(socket, { address, port }, false);
    let origin = this.#origins.get(address);
    if (origin === undefined) this.#origins.set(address, (origin = { count: 0, strangers: new Set() }));
    origin.count++;
    origin.strangers.add(connection);
    this.#strangers.add(connection);
  }

  #open(peer: SocketAddress): TcpConnection | undefined {
    const { address, port } = peer;
    if (!isIPv4(address) || port < 1 || port > 65_535) return this.#undelivered('EADDRNOTAVAIL', peer);
    if (!this.#hasRoom()) return this.#undelivered('EMFILE', peer);
    this.counters.opened++;
    const socket = connect({ host: address, port, localAddress: this.address, noDelay: true });
    return this.#keep(socket, { address, port }, true);
  }

  #keep(socket: Socket, peer: SocketAddress, isOwn: boolean): TcpConnection {
    const connection = new TcpConnection(this, socket, peer, isOwn);
    this.#all.add(connection);
    this.#byPeer.set(keyOf(peer), connection);
    return connection;
  }

  /** Whether there is room, if need be after closing a stranger's connection. */
  #hasRoomFor(address: string): boolean {
    const origin = this.#origins.get(address);
    if (origin !== undefined && origin.count >= this.limits.connectionsPerAddress) {
      if (!this.#evictFirst(origin.strangers)) return false;
    }
    return this.#hasRoom();
  }

  #hasRoom(): boolean {
    return this.#all.size < this.limits.connections || this.#evictFirst(this.#strangers);
  }

  #forgetStranger(connection: TcpConnection): void {
    this.#strangers.delete(connection);
    this.#origins.get(connection.peer.address)?.strangers.delete(connection);
  }

  #evictFirst(strangers: ReadonlySet<TcpConnection>): boolean {
    for (const connection of strangers) {
      this.counters.evicted++;
      connection.destroy();
      this.closed(connection);
      return true;
    }
    return false;
  }

  /** Reported on the next tick, so that send() never calls back into its caller. */
  #undelivered(code: string, peer: SocketAddress): undefined {
    this.counters.failed++;
    process.nextTick(() => this.#user.undelivered(code, this, peer));
  }
}

function largestOf(connections: Iterable<TcpConnection>): TcpConnection | undefined {
  let largest: TcpConnection | undefined;
  for (const connection of connections) if (connection.held > (largest?.held ?? 0)) largest = connection;
  return largest;
}

interface Kept {
  readonly wheel: TimerWheel;
  readonly limits: TcpLimits;
}

function keyOf({ address, port }: SocketAddress): string {
  return `${address}:${port}`;
}
