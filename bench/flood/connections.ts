import { connect, type Socket } from 'node:net';

import type { ServerAddress } from '../edge/places.ts';
import { copiedRequest } from './requests.ts';

/** The kinds of connections, with how many of each are held at most. */
const MOST_HELD = { halfOpen: 500, deaf: 3000, pinging: 1200 } as const;
export type ConnectionKind = keyof typeof MOST_HELD;
const KINDS: readonly ConnectionKind[] = ['pinging', 'deaf', 'halfOpen'];

/** Requests a second over connections whose answers nobody reads; half of them over the few oldest. */
const DEAF_REQUESTS = 160;
const OLDEST = 50;
/** Octets that may wait at the sender: the edge reads no more from there. */
const MOST_QUEUED = 1 << 18;
/** Each pinging connection sends CRLF CRLF so often (RFC 5626 3.5.1). */
const PING_SECONDS = 5;
const PING = '\r\n\r\n';

/** Connections of attackers. Those that the edge closes are opened anew. */
export class Connections {
  /** How many were begun. */
  readonly opened: Record<ConnectionKind, number> = { halfOpen: 0, deaf: 0, pinging: 0 };
  /** How many requests went over connections that nobody reads. */
  requests = 0;
  readonly #target: ServerAddress;
  readonly #addresses: readonly string[];
  readonly #mostOpened: number;
  readonly #held: Record<ConnectionKind, Set<Socket>> = {
    halfOpen: new Set(),
    deaf: new Set(),
    pinging: new Set(),
  };
  #begun = 0;
  #toPing: Iterator<Socket> | undefined;

  /** `mostOpened`: connections that may be opened a second. */
  constructor(target: ServerAddress, addresses: readonly string[], mostOpened: number) {
    this.#target = target;
    this.#mostOpened = mostOpened;
    this.#addresses = addresses;
  }

  /** How many are open now. */
  get size(): number {
    return KINDS.reduce((sum, kind) => sum + this.#held[kind].size, 0);
  }

  /** Opens connections, writes requests and pings: as many as are `due` of so many a second. */
  turn(due: (aSecond: number) => number): void {
    for (let left = due(this.#mostOpened); left > 0; left -= 1) {
      const kind = KINDS[this.#begun++ % KINDS.length]!;
      const held = this.#held[kind];
      // Half-open ones come and go.
      if (kind === 'halfOpen' && held.size === MOST_HELD[kind]) this.#oldest(kind, 0)?.destroy();
      if (held.size < MOST_HELD[kind]) this.#open(kind);
    }
    for (let left = due(DEAF_REQUESTS); left > 0; left -= 1) this.#ask();
    for (let left = due(MOST_HELD.pinging / PING_SECONDS); left > 0; left -= 1) this.#ping();
  }

  /** Closes all at once. */
  close(): void {
    for (const kind of KINDS) for (const socket of this.#held[kind]) socket.destroy();
  }

  #open(kind: ConnectionKind): void {
    const { host, port } = this.#target;
    const number = (this.opened[kind] += 1);
    const localAddress = this.#addresses[number % this.#addresses.length]!;
    const socket = connect({ host, port, localAddress, noDelay: true });
    this.#held[kind].add(socket);
    // The edge may refuse as it likes.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#held[kind].delete(socket));
    if (kind === 'halfOpen') beginMessage(socket, number);
    if (kind === 'pinging') socket.resume();
    if (kind === 'deaf') socket.once('connect', () => this.#askOver(socket));
  }

  #ask(): void {
    const { deaf } = this.#held;
    const among = this.requests % 2 === 0 ? Math.min(OLDEST, deaf.size) : deaf.size;
    const socket = this.#oldest('deaf', Math.floor(this.requests / 2) % Math.max(1, among));
    this.requests += 1;
    if (socket !== undefined) this.#askOver(socket);
  }

  #askOver(socket: Socket): void {
    if (socket.connecting || socket.destroyed || socket.writableLength > MOST_QUEUED) return;
    const local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    socket.write(copiedRequest(this.requests, local));
  }

  #ping(): void {
    let next = this.#toPing?.next();
    if (next === undefined || next.done === true) {
      this.#toPing = this.#held.pinging.values();
      next = this.#toPing.next();
    }
    if (next.done !== true && !next.value.connecting) next.value.write(PING);
  }

  /** The oldest connection of the kind, or one so many places younger. */
  #oldest(kind: ConnectionKind, place: number): Socket | undefined {
    let left = place;
    for (const socket of this.#held[kind]) if (left-- === 0) return socket;
    return undefined;
  }
}

/** Says nothing, begins a message, or begins a body, or ends one octet short of it. */
function beginMessage(socket: Socket, number: number): void {
  const head = 'INVITE sip:a@b SIP/2.0\r\nContent-Length: 32000\r\n\r\n';
  if (number % 4 === 1) socket.write(`INVITE sip:${'x'.repeat(8000)}`);
  if (number % 4 === 2) socket.write(head);
  if (number % 4 === 3) socket.write(head + 'x'.repeat(31_999));
}
