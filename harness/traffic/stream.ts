import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';

/** What came back over one TCP connection. */
export interface StreamExchange {
  /** Responses in order, read by Content-Length (RFC 3261 section 18.3). */
  readonly answers: readonly WireMessage[];
}

/** How several requests are laid into segments. */
export type Segmentation = 'all in one segment' | 'an octet a segment';

/**
 * Sends this many OPTIONS over one connection, cut into segments as said, and waits until each has its answer or the
 * patience is over. Throws a HarnessError where no connection can be had.
 */
export async function optionsOverTcp(
  count: number,
  segmentation: Segmentation,
  from: string,
  sip: { readonly host: string; readonly port: number },
  patienceMs: number,
): Promise<StreamExchange> {
  assertSafeToSend(sip.host);
  const socket = connect({ host: sip.host, port: sip.port, localAddress: from, noDelay: true });
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw new HarnessError(`no TCP connection from ${from} to ${sip.host}:${sip.port}: ${String(error)}`);
  }
  const answers: WireMessage[] = [];
  const complete = collect(socket, answers, count);
  const octets = Buffer.from(Array.from({ length: count }, () => options(from, sip)).join(''));
  if (segmentation === 'all in one segment') socket.write(octets);
  else await octetByOctet(socket, octets);
  await Promise.race([complete, delay(patienceMs, undefined, { ref: false })]);
  socket.destroy();
  return { answers };
}

function collect(socket: Socket, answers: WireMessage[], count: number): Promise<void> {
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
    answers.push(...finder.push(segment).map(({ message }) => message));
    if (answers.length >= count) resolve();
  });
  return promise;
}

async function octetByOctet(socket: Socket, octets: Buffer): Promise<void> {
  for (const octet of octets) {
    socket.write(Buffer.of(octet));
    // A turn of the event loop: what is written in one turn would leave together.
    await turn();
  }
}

function options(from: string, sip: { host: string; port: number }): string {
  const id = randomUUID();
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
