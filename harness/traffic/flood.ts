import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { Endpoint } from '../capture/endpoint.ts';
import { strangerAddress } from '../lab/addresses.ts';
import { assertSafeToSend, isLabAddress } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';

/** What one flood may come to, whatever a step asks for. */
const MOST_A_SECOND = 2_000;
const MOST_IN_ALL = 12_000;
const MOST_CONNECTIONS = 5_000;

/** A hundred turns a second spread the load evenly. */
const TURN_MS = 10;
/** What a busy machine could not send in time is sent later, not in one burst. */
const LONGEST_TURN_MS = 50;
/** How long a connection may take to be established. */
const CONNECT_MS = 5_000;

const FILLER = 'x'.repeat(1 << 16);
/** In a header, where the body is long too: services that read long bodies read fewer octets of header. */
const HEADER_OCTETS = 14_000;

/** A request of somebody who proves nothing. */
export interface StrangersRequest {
  readonly method: string;
  readonly uri: string;
  /** What tells it from every other request. */
  readonly id: string;
  readonly local: Endpoint;
  readonly transport?: 'UDP' | 'TCP';
  /** How long it shall be; absent: no longer than it needs. */
  readonly octets?: number;
  /** What makes it so long. */
  readonly padding?: 'body' | 'header' | 'both';
}

/** The request as it goes on the wire. */
export function strangersRequest({
  method,
  uri,
  id,
  local,
  transport = 'UDP',
  octets = 0,
  padding = 'body',
}: StrangersRequest): string {
  const end = `${local.address}:${local.port}`;
  const text = (header: readonly string[], body: string): string =>
    [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${transport} ${end};branch=z9hG4bK${id};rport`,
      `From: <sip:stranger@${end}>;tag=${id}`,
      `To: <${uri}>`,
      `Call-ID: ${id}@${local.address}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:stranger@${end}>`,
      'Max-Forwards: 70',
      ...header,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  const missing = octets - text([], '').length;
  if (missing <= 0) return text([], '');
  // A header's name and line break, and a length of five digits instead of one, are counted too.
  const inHeader = padding === 'header' ? missing : padding === 'both' ? Math.min(missing, HEADER_OCTETS) : 0;
  const header = inHeader === 0 ? [] : [`Subject: ${FILLER.slice(0, Math.max(0, inHeader - 11))}`];
  const inBody = missing - inHeader;
  return text(header, inBody === 0 ? '' : FILLER.slice(0, Math.max(0, inBody - 4)));
}

/** Where a flood goes. */
export interface FloodTarget {
  readonly host: string;
  readonly port: number;
}

/** Datagrams at a steady rate, from so many strangers in turn. */
export interface DatagramFlood {
  readonly aSecond: number;
  readonly inAll: number;
  readonly strangers: number;
  /** Datagram `number` of the stranger whose socket is at `local`. */
  readonly datagram: (number: number, local: Endpoint) => string;
}

/** What has been sent. */
export interface FloodCount {
  requests: number;
  octets: number;
}

/** A flood that has begun. It ends by itself. */
export interface RunningFlood {
  /** What has been sent so far. */
  readonly sent: Readonly<FloodCount>;
  /** Resolves when the last of it has been sent. */
  readonly over: Promise<void>;
}

/**
 * Sends the datagrams to a service in the lab; nobody reads the answers. Throws a HarnessError where that is not in the
 * lab, or is more than a flood may come to.
 */
export async function startDatagrams(
  { host, port }: FloodTarget,
  { aSecond, inAll, strangers, datagram }: DatagramFlood,
  signal: AbortSignal,
): Promise<RunningFlood> {
  assertMayFlood(host, aSecond, inAll);
  const sent: FloodCount = { requests: 0, octets: 0 };
  const numbers = Array.from({ length: strangers }, (_, number) => number);
  const sockets = await Promise.all(numbers.map((number) => bound(strangerAddress(number))));
  const send = (number: number): void => {
    const socket = sockets[number % strangers]!;
    const packet = Buffer.from(datagram(number, socket.address()), 'latin1');
    sent.requests += 1;
    sent.octets += packet.length;
    socket.send(packet, port, host);
  };
  const over = paced(aSecond, inAll, send, signal).finally(() => {
    for (const socket of sockets) socket.close();
  });
  return { sent, over };
}

/** Connections of strangers that are held open. */
export interface HeldFlood {
  readonly aSecond: number;
  readonly inAll: number;
  readonly strangers: number;
  /** What connection `number` sends once it is established. */
  readonly greeting: (number: number, local: Endpoint) => string;
}

/** TCP connections of strangers, held open until they or the service close them, or the signal is aborted. */
export class HeldConnections implements RunningFlood {
  readonly sent: FloodCount = { requests: 0, octets: 0 };
  readonly over: Promise<void>;
  readonly #open = new Set<TcpSocket>();
  readonly #opening: Promise<void>[] = [];
  #failure: HarnessError | undefined;

  private constructor(target: FloodTarget, flood: HeldFlood, signal: AbortSignal) {
    const { aSecond, inAll, strangers, greeting } = flood;
    const begin = (number: number): void => {
      const from = strangerAddress(number % strangers);
      this.#opening.push(this.#connect(target, from, (local) => greeting(number, local)));
    };
    this.over = this.#overAfter(paced(aSecond, inAll, begin, signal));
    signal.addEventListener('abort', () => this.close());
  }

  /** Begins to open them. Throws a HarnessError as `startDatagrams` does. */
  static start(target: FloodTarget, flood: HeldFlood, signal: AbortSignal): HeldConnections {
    assertMayFlood(target.host, flood.aSecond, flood.inAll);
    if (flood.inAll > MOST_CONNECTIONS)
      throw new HarnessError(`a flood has at most ${MOST_CONNECTIONS} connections, not ${flood.inAll}`);
    return new HeldConnections(target, flood, signal);
  }

  /** How many are open now. */
  get size(): number {
    return this.#open.size;
  }

  /** Sends this over each. */
  write(text: string): void {
    for (const socket of this.#open) socket.write(text);
  }

  /** Closes all at once, without leaving their ports waiting. */
  close(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  async #overAfter(begun: Promise<void>): Promise<void> {
    await begun;
    await Promise.all(this.#opening);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when it is established, or will never be. */
  async #connect(
    { host, port }: FloodTarget,
    from: string,
    greeting: (local: Endpoint) => string,
  ): Promise<void> {
    const socket = connect({ host, port, localAddress: from, noDelay: true });
    // Nobody reads the answers, and the service may refuse as it likes.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#open.delete(socket));
    socket.resume();
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
    } catch (error) {
      socket.destroy();
      if (error instanceof Error && 'code' in error && error.code === 'EMFILE')
        this.#failure = new HarnessError(
          'a flood needs more open files than this process may have: ulimit -n 20000',
        );
      return;
    }
    this.#open.add(socket);
    const text = greeting({ address: from, port: socket.localPort ?? 0 });
    this.sent.requests += 1;
    this.sent.octets += text.length;
    if (text !== '') socket.write(text, 'latin1');
  }
}

function assertMayFlood(host: string, aSecond: number, inAll: number): void {
  if (!isLabAddress(host)) throw new HarnessError(`a flood is sent inside the lab only, not to ${host}`);
  if (aSecond > MOST_A_SECOND || inAll > MOST_IN_ALL)
    throw new HarnessError(
      `a flood has at most ${MOST_A_SECOND} requests a second and ${MOST_IN_ALL} in all, not ${aSecond} and ${inAll}`,
    );
  assertSafeToSend(host);
}

/** Does `each` as often as `inAll` says, at a steady rate. */
async function paced(
  aSecond: number,
  inAll: number,
  each: (number: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let before = performance.now();
  let due = 0;
  for (let number = 0; number < inAll && !signal.aborted;) {
    const now = performance.now();
    due += (Math.min(now - before, LONGEST_TURN_MS) / 1000) * aSecond;
    before = now;
    for (; number < Math.min(Math.floor(due), inAll); number += 1) each(number);
    await delay(TURN_MS);
  }
}

async function bound(address: string): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  // Neither answers nor refusals matter.
  socket.on('error', () => undefined);
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}
