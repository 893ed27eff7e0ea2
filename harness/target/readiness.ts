import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';
import type { Place } from './descriptor.ts';
import type { TargetEnd } from './process.ts';

const PROBE_INTERVAL_MS = 20;
const PROBE_PATIENCE_MS = 250;

/**
 * Resolves when the target answers both its HTTP probe (where it names one) and a SIP OPTIONS. Rejects with a
 * HarnessError that says what was tried for how long, or how the target ended meanwhile.
 */
export async function untilReady(
  place: Place,
  from: string,
  patienceMs: number,
  ended: Promise<TargetEnd> | undefined,
): Promise<void> {
  const probes = [
    { name: `OPTIONS to ${place.sip.host}:${place.sip.port}`, ask: () => askSip(place.sip, from) },
  ];
  const { readyUrl } = place;
  if (readyUrl !== undefined) probes.push({ name: `GET ${readyUrl}`, ask: () => askHttp(readyUrl) });
  const deadline = performance.now() + patienceMs;
  let end: TargetEnd | undefined;
  void ended?.then((how) => (end = how));
  for (const { name, ask } of probes) {
    for (;;) {
      const answer = await ask();
      if (answer === undefined) break;
      if (end) throw new HarnessError(`the target did not become ready: ${end.sentence}`);
      if (performance.now() > deadline) {
        throw new HarnessError(
          `the target did not become ready within ${patienceMs} ms: ${name}: ${answer}. ` +
            'Is it started, and are the addresses in its descriptor right? timeouts.ready gives it longer.',
        );
      }
      await delay(PROBE_INTERVAL_MS);
    }
  }
}

/** Undefined when the URL answers 200, else what came instead. */
async function askHttp(url: string): Promise<string | undefined> {
  try {
    assertSafeToSend(new URL(url).hostname);
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_PATIENCE_MS * 4) });
    await response.arrayBuffer();
    return response.status === 200 ? undefined : `answered ${response.status}`;
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Undefined when any SIP response comes to an OPTIONS, else why none did. */
function askSip(sip: { host: string; port: number }, from: string): Promise<string | undefined> {
  assertSafeToSend(sip.host);
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    const finish = (answer: string | undefined): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish('no answer'), PROBE_PATIENCE_MS);
    socket.on('error', (error) => finish(error.message));
    socket.on('message', (packet) => {
      if (packet.toString('latin1').startsWith('SIP/2.0 ')) finish(undefined);
    });
    socket.bind(0, from, () => {
      const id = randomBytes(8).toString('hex');
      const request = [
        `OPTIONS sip:${sip.host}:${sip.port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${from}:${socket.address().port};branch=z9hG4bK${id};rport`,
        `From: <sip:readiness@${from}>;tag=${id}`,
        `To: <sip:${sip.host}:${sip.port}>`,
        `Call-ID: ${id}@${from}`,
        'CSeq: 1 OPTIONS',
        'Max-Forwards: 70',
        'Content-Length: 0',
      ];
      socket.send(
        `${request.join('\r\n')}\r\n\r\n`,
        sip.port,
        sip.host,
        (error) => error && finish(error.message),
      );
    });
  });
}
