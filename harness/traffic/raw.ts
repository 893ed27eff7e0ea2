import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CaptureReader } from '../capture/reader.ts';
import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Octets that were sent as they are, and what came back until the service answered a question asked after them. */
export interface RawExchange {
  readonly sent: string;
  /** Responses to what was sent. */
  readonly answers: readonly WireMessage[];
  /** The answer to the OPTIONS that was sent after it; undefined where none came in time. */
  readonly afterwards: WireMessage | undefined;
}

const SIP_PORT = 5060;
const BIND_ATTEMPTS = 8;

/**
 * Sends one datagram as it is from one of the addresses that `from` gives, and from the port its Via names (RFC 3261 section 18.2.2: without rport, answers go
 * there), then an OPTIONS from the same socket. When that one is answered, whatever the service has to say at once to
 * the first has been said. Throws a HarnessError where the port cannot be had or the capture saw other answers.
 */
export async function sendRaw(
  octets: Buffer,
  from: () => string,
  sip: { readonly host: string; readonly port: number },
  patienceMs: number,
  capture: CaptureReader | undefined,
): Promise<RawExchange> {
  assertSafeToSend(sip.host);
  const { socket, local } = await boundSocket(from, viaPort(octets));
  const received: WireMessage[] = [];
  const finder = new SipMessageFinder();
  const probe = `${randomUUID()}@${local.address}`;
  const probed = Promise.withResolvers<WireMessage>();
  socket.on('message', (payload, { address, port }) => {
    const time = Date.now();
    const segment = {
      protocol: 'udp',
      time,
      source: { address, port },
      destination: local,
      payload,
      packets: [],
    } as const;
    for (const { message } of finder.push(segment)) {
      if (message.callId === probe) probed.resolve(message);
      else received.push(message);
    }
  });
  const since = Date.now();
  socket.send(octets, sip.port, sip.host);
  socket.send(options(probe, local, sip), sip.port, sip.host);
  const afterwards = await Promise.race([probed.promise, delay(patienceMs, undefined, { ref: false })]);
  await capture?.settle();
  socket.close();
  const answers = received.filter(({ status }) => status !== undefined);
  if (capture) confirm(answers, capture, local, probe, since);
  return { sent: octets.toString('latin1'), answers, afterwards };
}

/** Binds the port on one of the addresses that `from` gives: another scenario may hold the first. */
async function boundSocket(from: () => string, port: number): Promise<{ socket: Socket; local: Endpoint }> {
  let reason: unknown;
  for (let attempt = 0; attempt < BIND_ATTEMPTS; attempt++) {
    const socket = createSocket('udp4');
    const local = { address: from(), port };
    try {
      socket.bind(port, local.address);
      await once(socket, 'listening');
      return { socket, local };
    } catch (error) {
      socket.close();
      reason = error;
    }
  }
  throw new HarnessError(`port ${port} cannot be bound to send from: ${String(reason)}`);
}

function viaPort(octets: Buffer): number {
  const sentBy =
    /^(?:Via|v)\s*:\s*SIP\s*\/\s*2\.0\s*\/\s*\S+\s+([^;,\s]+)/im.exec(octets.toString('latin1'))?.[1] ?? '';
  return Number(/:(\d+)$/.exec(sentBy)?.[1] ?? SIP_PORT);
}

function options(callId: string, local: Endpoint, sip: { host: string; port: number }): string {
  const id = randomUUID();
  const lines = [
    `OPTIONS sip:${sip.host}:${sip.port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local.address}:${local.port};branch=z9hG4bK${id};rport`,
    `From: <sip:alive@${local.address}>;tag=${id}`,
    `To: <sip:${sip.host}:${sip.port}>`,
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The second witness: the same answers were on the wire. */
function confirm(
  answers: readonly WireMessage[],
  capture: CaptureReader,
  local: Endpoint,
  probe: string,
  since: number,
): void {
  const wire = capture
    .messages({ at: local, since })
    .filter(
      (message) =>
        message.status !== undefined &&
        message.callId !== probe &&
        message.destination.address === local.address,
    );
  const [ours, theirs] = [answers, wire].map((messages) =>
    messages
      .map(({ text }) => text)
      .toSorted()
      .join(),
  );
  if (ours !== theirs) {
    throw new HarnessError(
      `the socket saw ${answers.length} answers, the wire ${wire.length}: the witnesses disagree`,
    );
  }
}
