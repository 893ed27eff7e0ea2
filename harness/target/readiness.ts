import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';

import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';
import type { Place } from './descriptor.ts';
import type { TargetEnd } from './process.ts';

const PROBE_INTERVAL_MS = 20;
/** How long a probe waits for its answer: on this machine, and over a network. */
const PROBE_PATIENCE_MS = { near: 250, far: 2_000 };

/** What `untilReady` needs beside the place. */
export interface Expectation {
  /** The address that SIP requests are sent from. */
  readonly from: string;
  readonly patienceMs: number;
  /** Of a target that this run started: resolves when it has ended. */
  readonly ended?: Promise<TargetEnd> | undefined;
  /** Ends the wait when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves when the target has answered both its HTTP probe (where it names one) with a success and a SIP request, with
 * whatever. The request is an OPTIONS, and in turn a MESSAGE: that OPTIONS is answered is a rule, and no precondition. Rejects with a
 * HarnessError when the time is over (it says what was tried, for how long) or when the target ends (it says how), and
 * with the signal's reason when the signal is aborted.
 */
export async function untilReady(place: Place, expectation: Expectation): Promise<void> {
  const { from, patienceMs, ended, signal } = expectation;
  const { readyUrl, sip } = place;
  const probeMs = place.start ? PROBE_PATIENCE_MS.near : PROBE_PATIENCE_MS.far;
  const probes = [
    {
      name: `OPTIONS and MESSAGE to ${sip.host}:${sip.port} over UDP`,
      ask: (times: number) => askSip(sip, from, probeMs, times % 2 === 0 ? 'OPTIONS' : 'MESSAGE'),
    },
  ];
  // HTTP first: a closed TCP port refuses at once, while silence over UDP takes a probe's whole patience.
  if (readyUrl !== undefined) probes.unshift({ name: `GET ${readyUrl}`, ask: () => askHttp(readyUrl) });
  const deadline = performance.now() + patienceMs;
  const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
  // It may reject when nothing awaits it.
  givenUp.catch(() => {});
  const abandon = (): void => giveUp(signal?.reason);
  if (signal?.aborted) abandon();
  signal?.addEventListener('abort', abandon, { once: true });
  void ended?.then(({ sentence, details }) =>
    giveUp(new HarnessError(`the target ended before it was ready: ${sentence}\n${details}`)),
  );
  for (const { name, ask } of probes) {
    for (let times = 0; ; times += 1) {
      const answer = await Promise.race([givenUp, ask(times)]);
      if (answer === undefined) break;
      if (performance.now() >= deadline) throw new HarnessError(overdue(place, name, answer, patienceMs));
      await delay(PROBE_INTERVAL_MS);
    }
  }
}

function overdue(place: Place, probe: string, answer: string, patienceMs: number): string {
  const mend = place.start
    ? 'Does its start command listen on the addresses in its descriptor? If it only needs longer, raise timeouts.ready'
    : 'Nothing is started for it in this place: is it running, and are the addresses in its descriptor right? ' +
      'If it only needs longer, raise timeouts.ready';
  return `the target was not ready within ${patienceMs} ms (timeouts.ready): ${probe}: ${answer}. ${mend}.`;
}

/** Undefined when the URL answers with a success, else what came instead. */
async function askHttp(url: string): Promise<string | undefined> {
  try {
    assertSafeToSend(new URL(url).hostname);
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_PATIENCE_MS.far) });
    await response.arrayBuffer();
    return response.ok ? undefined : `answered ${response.status}`;
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Undefined when any SIP response comes to the request, else why none did. */
function askSip(
  sip: Place['sip'],
  from: string,
  patienceMs: number,
  method: 'OPTIONS' | 'MESSAGE',
): Promise<string | undefined> {
  assertSafeToSend(sip.host);
  const socket = createSocket('udp4');
  let finished = false;
  return new Promise((resolve) => {
    const finish = (answer: string | undefined): void => {
      // A send error may be reported after the probe is over.
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish('no answer'), patienceMs);
    socket.on('error', (error) => finish(error.message));
    socket.on('message', (packet) => {
      if (packet.toString('latin1').startsWith('SIP/2.0 ')) finish(undefined);
    });
    socket.bind(0, from, () => {
      const id = randomBytes(8).toString('hex');
      const request = [
        `${method} sip:${sip.host}:${sip.port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${from}:${socket.address().port};branch=z9hG4bK${id};rport`,
        `From: <sip:readiness@${from}>;tag=${id}`,
        `To: <sip:${sip.host}:${sip.port}>`,
        `Call-ID: ${id}@${from}`,
        `CSeq: 1 ${method}`,
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
