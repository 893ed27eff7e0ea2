import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import type { Randomness } from '../randomness.ts';
import { HarnessError } from '../verdict.ts';

/** What came back over one TCP connection. */
export interface StreamExchange {
  /** Why the service accepted no connection; undefined where it did. */
  readonly unconnected?: string;
  /** Responses in order, read by Content-Length (RFC 3261 section 18.3). */
  readonly answers: readonly WireMessage[];
}

/** How several requests are divided into segments. */
export type Segmentation = 'all in one segment' | 'an octet a segment';

/**
 * Sends this many OPTIONS over one connection, cut into segments as given, and waits until each has its answer or time
 * is up. A service that accepts no connection is a result; throws a HarnessError where no connection can be tried.
 */
export async function optionsOverTcp(
  count: number,
  segmentation: Segmentation,
  from: string,
  sip: { readonly host: string; readonly port: number },
  patienceMs: number,
  randomness: Randomness,
): Promise<StreamExchange> {
  assertSafeToSend(sip.host);
  const socket = connect({ host: sip.host, port: sip.port, localAddress: from, noDelay: true });
  const unconnected = await connected(socket, patienceMs);
  if (unconnected !== undefined) return { unconnected, answers: [] };
  const answers: WireMessage[] = [];
  const complete = collect(socket, answers, count);
  const requests = Array.from({ length: count }, () => options(randomness.uuid(), from, sip));
  const octets = Buffer.from(requests.join(''));
  if (segmentation === 'all in one segment') socket.write(octets);
  else await octetByOctet(socket, octets);
  await Promise.race([complete, delay(patienceMs, undefined, { ref: false })]);
  socket.destroy();
  return { answers };
}

/** How a peer, or the network on the way, refuses a connection: the words for an error code. */
const REFUSALS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ETIMEDOUT: 'no answer to the connection attempt',
};

/** Undefined once the socket is connected, else what the peer did instead. */
export async function connected(socket: Socket, patienceMs: number): Promise<string | undefined> {
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(patienceMs) });
    return undefined;
  } catch (error) {
    socket.destroy();
    const { name, code = '' }: NodeJS.ErrnoException = error instanceof Error ? error : new Error();
    const refusal = name === 'AbortError' ? REFUSALS['ETIMEDOUT'] : REFUSALS[code];
    if (refusal !== undefined) return refusal;
    throw new HarnessError(`no TCP connection can be tried: ${String(error)}`, { cause: error });
  }
}

/** Adds each message that comes to `answers`. Resolves when there are `count`, or no more can come. */
export function collect(socket: Socket, answers: WireMessage[], count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ended = listenTo(socket, (message) => {
    answers.push(message);
    if (answers.length >= count) resolve();
  });
  return Promise.race([promise, ended]);
}

/** Tells each message that comes over the connection. Resolves when no more can come. */
export function listenTo(socket: Socket, hear: (message: WireMessage) => void): Promise<void> {
  const finder = new SipMessageFinder();
  const source = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  const destination = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
  const { promise, resolve } = Promise.withResolvers<void>();
  let sequence = 0;
  socket.on('error', () => resolve());
  socket.on('close', () => resolve());
  socket.on('data', (payload) => {
    const flags = { syn: false, fin: false, reset: false, sequence };
    const place = { time: Date.now(), source, destination, packets: [] };
    const segment = { protocol: 'tcp', payload, ...place, ...flags } as const;
    sequence += payload.length;
    for (const { message } of finder.push(segment)) hear(message);
  });
  return promise;
}

async function octetByOctet(socket: Socket, octets: Buffer): Promise<void> {
  for (const octet of octets) {
    socket.write(Buffer.of(octet));
    // What is written in one turn of the event loop would leave in one segment.
    await turn();
  }
}

function options(id: string, from: string, sip: { host: string; port: number }): string {
  const lines = [
    `OPTIONS sip:${sip.host}:${sip.port};transport=tcp SIP/2.0`,
    `Via: SIP/2.0/TCP ${from};branch=z9hG4bK${id};rport`,
    `From: <sip:stream@${from}>;tag=${id}`,
    `To: <sip:${sip.host}:${sip.port}>`,
    `Call-ID: ${id}@${from}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
