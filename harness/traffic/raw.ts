import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { Endpoint } from '../capture/endpoint.ts';
import type { CaptureReader } from '../capture/reader.ts';
import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import type { Randomness } from '../randomness.ts';
import { HarnessError } from '../verdict.ts';

/** Octets sent as they are, and what came back. */
export interface RawExchange {
  readonly sent: string;
  /** Responses to what was sent. */
  readonly answers: readonly WireMessage[];
  /** The answer to the OPTIONS that was sent after it; undefined where none came in time. */
  readonly afterwards: WireMessage | undefined;
}

const SIP_PORT = 5060;
/** Where all scenarios share one address, another may hold the port, for about as long as an answer takes. */
const BIND_PATIENCE_MS = 20_000;
const BIND_POLL_MS = 10;

/** How much later than to an OPTIONS sent after it an answer may come that is not owed. */
const LATE_MS = 500;

function within(ms: number): Promise<undefined> {
  return delay(ms, undefined, { ref: false });
}

/** What a datagram is sent with. */
export interface RawRoute {
  readonly from: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly patienceMs: number;
  readonly capture: CaptureReader | undefined;
  readonly randomness: Randomness;
  /** False: the service may drop it. */
  readonly isAnswerOwed: boolean;
}

/**
 * Sends one datagram as it is, from the address `from` and the port its Via names (without rport, answers go there:
 * RFC 3261 section 18.2.2), then an OPTIONS from the same socket. Waits for both answers, in whatever order they come.
 * Throws a HarnessError where the port cannot be bound or the capture saw other answers.
 */
export async function sendRaw(octets: Buffer, route: RawRoute): Promise<RawExchange> {
  const { from, sip, patienceMs, capture, randomness, isAnswerOwed } = route;
  assertSafeToSend(sip.host);
  const id = randomness.uuid();
  const local = { address: from, port: viaPort(octets) };
  const socket = await boundSocket(local);
  const probe = `${id}@${local.address}`;
  const about = readDatagram(octets, local, { address: sip.host, port: sip.port })?.callId;
  const received: WireMessage[] = [];
  const probed = Promise.withResolvers<WireMessage>();
  const answered = Promise.withResolvers<void>();
  socket.on('message', (payload, { address, port }) => {
    const message = readDatagram(payload, { address, port }, local);
    if (message?.callId === probe) probed.resolve(message);
    else if (message) received.push(message);
    if (message?.callId === about && (message?.status ?? 0) >= 200) answered.resolve();
  });
  socket.send(octets, sip.port, sip.host);
  socket.send(options(id, local, sip), sip.port, sip.host);
  const owed = isAnswerOwed ? Promise.race([answered.promise, within(patienceMs)]) : undefined;
  const afterwards = await Promise.race([probed.promise, within(patienceMs)]);
  await (owed ?? Promise.race([answered.promise, within(LATE_MS)]));
  await capture?.settle();
  socket.close();
  // Answers to earlier users of this address and port may still be repeated; they have another Call-ID.
  const answers = distinct(received.filter(({ status, callId }) => status !== undefined && callId === about));
  if (capture) {
    const wire = capture.messages({ at: local }).filter((message) => isAnswer(message, about, local));
    confirm(answers, distinct(wire));
  }
  return { sent: octets.toString('latin1'), answers, afterwards };
}

function readDatagram(payload: Buffer, source: Endpoint, destination: Endpoint): WireMessage | undefined {
  const segment = { protocol: 'udp', time: Date.now(), source, destination, payload, packets: [] } as const;
  return new SipMessageFinder().push(segment)[0]?.message;
}

function isAnswer(message: WireMessage, about: string | undefined, local: Endpoint): boolean {
  const { status, callId, destination } = message;
  return status !== undefined && callId === about && destination.address === local.address;
}

/** Each text once: a repeated answer is the same answer. */
function distinct(messages: readonly WireMessage[]): WireMessage[] {
  return [...new Map(messages.map((message) => [message.text, message])).values()];
}

async function boundSocket({ address, port }: Endpoint): Promise<Socket> {
  const deadline = performance.now() + BIND_PATIENCE_MS;
  for (;;) {
    const socket = createSocket('udp4');
    try {
      socket.bind(port, address);
      await once(socket, 'listening');
      return socket;
    } catch (error) {
      socket.close();
      if (performance.now() > deadline)
        throw new HarnessError(`${address}:${port} cannot be bound to send from: ${String(error)}`);
      await delay(BIND_POLL_MS);
    }
  }
}

/**
 * The message with a new branch, where it has one that is not empty. Messages with the same branch and method from one
 * address are one transaction (RFC 3261 section 17.2.3), and many of RFC 4475's share a branch.
 */
export function withOwnBranch(octets: Buffer, randomness: Randomness): Buffer {
  const own = randomness.hex(8);
  const text = octets
    .toString('latin1')
    .replace(/;\s*branch\s*=\s*z9hG4bK(?=[^\s;,])/i, (found) => found + own);
  return Buffer.from(text, 'latin1');
}

function viaPort(octets: Buffer): number {
  const sentBy =
    /^(?:Via|v)\s*:\s*SIP\s*\/\s*2\.0\s*\/\s*\S+\s+([^;,\s]+)/im.exec(octets.toString('latin1'))?.[1] ?? '';
  return Number(/:(\d+)$/.exec(sentBy)?.[1] ?? SIP_PORT);
}

function options(id: string, local: Endpoint, sip: { host: string; port: number }): string {
  const lines = [
    `OPTIONS sip:${sip.host}:${sip.port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local.address}:${local.port};branch=z9hG4bK${id};rport`,
    `From: <sip:alive@${local.address}>;tag=${id}`,
    `To: <sip:${sip.host}:${sip.port}>`,
    `Call-ID: ${id}@${local.address}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Asks the second witness: throws a HarnessError unless the same answers were on the wire. */
function confirm(answers: readonly WireMessage[], wire: readonly WireMessage[]): void {
  const onWire = new Set(wire.map(({ text }) => text));
  if (answers.length === wire.length && answers.every(({ text }) => onWire.has(text))) return;
  throw new HarnessError(
    `the socket saw ${answers.length} different answers, the wire ${wire.length}: the witnesses disagree`,
  );
}
