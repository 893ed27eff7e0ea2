import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';

import type { Endpoint } from '../capture/endpoint.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';
import type { Place } from './descriptor.ts';
import { DescriptorMistake, type FieldPath } from './mistake.ts';
import type { TargetEnd } from './process.ts';

const PROBE_INTERVAL_MS = 20;
/** A request may be lost while the target starts: another follows after this time, and an answer to any counts. */
const REPEAT_MS = 250;
/** How long the HTTP probe waits for its answer. */
const HTTP_PATIENCE_MS = 2_000;

/** What `untilReady` needs beside the place. */
export interface Expectation {
  /** The address that SIP requests are sent from. */
  readonly from: string;
  readonly patienceMs: number;
  /** How long a SIP request may stay unanswered, and so SIP may still be silent once the HTTP probe has succeeded. */
  readonly answerMs: number;
  /** Of a target that this run started: resolves when it has ended. */
  readonly ended?: Promise<TargetEnd> | undefined;
  /** Ends the wait when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves when the target has answered both its HTTP probe (where it names one) with a success and a SIP request, with
 * whatever. The request is an OPTIONS, and in turn a MESSAGE: that OPTIONS is answered is a rule, and no precondition.
 * Rejects with a DescriptorMistake when the time is over (it says what was tried, for how long; its fields are the
 * place's), with a HarnessError when the target ends (it says how), and with the signal's reason when that is aborted.
 */
export async function untilReady(place: Place, expectation: Expectation): Promise<void> {
  const { from, patienceMs, answerMs, ended, signal } = expectation;
  const { readyUrl, sip } = place;
  let limit: Limit = {
    until: performance.now() + patienceMs,
    sentence: `the target was not ready within ${patienceMs} ms (timeouts.ready)`,
  };
  const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
  // It may reject when nothing awaits it.
  givenUp.catch(() => {});
  const abandon = (): void => giveUp(signal?.reason);
  if (signal?.aborted) abandon();
  signal?.addEventListener('abort', abandon, { once: true });
  void ended?.then(({ sentence, details }) =>
    giveUp(new HarnessError(`the target ended before it was ready: ${sentence}\n${details}`)),
  );
  const probeMs = Math.min(answerMs, patienceMs);
  const probes: Probe[] = [
    {
      field: ['sip'],
      name: `OPTIONS and MESSAGE to ${sip.host}:${sip.port} over UDP`,
      ask: () => askSip(sip, from, probeMs, givenUp),
    },
  ];
  // HTTP first: a closed TCP port refuses at once, while silence over UDP takes a probe's whole patience.
  if (readyUrl !== undefined)
    probes.unshift({ field: ['readyUrl'], name: `GET ${readyUrl}`, ask: () => askHttp(readyUrl) });
  for (const { field, name, ask } of probes) {
    for (;;) {
      const answer = await Promise.race([givenUp, ask()]);
      if (answer === undefined) break;
      if (performance.now() >= limit.until)
        throw new DescriptorMistake(overdue(place, name, answer, limit.sentence), [field]);
      await delay(PROBE_INTERVAL_MS);
    }
    limit = sooner(limit, answerMs);
  }
}

interface Probe {
  /** The field of the place that says where it goes. */
  readonly field: FieldPath;
  readonly name: string;
  /** Undefined when it was answered, else what came instead. */
  readonly ask: () => Promise<string | undefined>;
}

interface Limit {
  /** On the clock of `performance.now()`. */
  readonly until: number;
  /** What is said once the time is over. */
  readonly sentence: string;
}

/** The limit for what is still silent after the target has said that it is ready. */
function sooner(limit: Limit, answerMs: number): Limit {
  const until = performance.now() + answerMs;
  const sentence = `the target says that it is ready, and ${answerMs} ms later (timeouts.answer) SIP is still silent`;
  return until < limit.until ? { until, sentence } : limit;
}

function overdue(place: Place, probe: string, answer: string, sentence: string): string {
  const mend = place.start
    ? 'Does its start command listen on the addresses in its descriptor? If it only needs longer, raise timeouts.ready'
    : 'Nothing is started for it in this place: is it running, and are the addresses in its descriptor right? ' +
      'If it only needs longer, raise timeouts.ready';
  return `${sentence}: ${probe}: ${answer}. ${mend}.`;
}

/** Undefined when the URL answers with a success, else what came instead. */
async function askHttp(url: string): Promise<string | undefined> {
  try {
    assertSafeToSend(new URL(url).hostname);
    const response = await fetch(url, { signal: AbortSignal.timeout(HTTP_PATIENCE_MS) });
    await response.arrayBuffer();
    return response.ok ? undefined : `answered ${response.status}`;
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Undefined when any SIP response comes to an OPTIONS or, in turn, a MESSAGE; else why none did. */
function askSip(
  sip: Place['sip'],
  from: string,
  patienceMs: number,
  givenUp: Promise<never>,
): Promise<string | undefined> {
  assertSafeToSend(sip.host);
  const socket = createSocket('udp4');
  let finished = false;
  return new Promise((resolve) => {
    let repeats: NodeJS.Timeout | undefined;
    const finish = (answer: string | undefined): void => {
      // A send error may be reported after the probe is over.
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      clearInterval(repeats);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish('no answer'), patienceMs);
    givenUp.catch(() => finish('given up'));
    socket.on('error', (error) => finish(error.message));
    socket.on('message', (packet) => {
      if (packet.toString('latin1').startsWith('SIP/2.0 ')) finish(undefined);
    });
    socket.bind(0, from, () => {
      let isOptions = false;
      const ask = (): void => {
        isOptions = !isOptions;
        const local = { address: from, port: socket.address().port };
        const request = probeRequest(isOptions ? 'OPTIONS' : 'MESSAGE', sip, local);
        socket.send(request, sip.port, sip.host, (error) => error && finish(error.message));
      };
      ask();
      repeats = setInterval(ask, REPEAT_MS);
    });
  });
}

/** The methods that ask for a sign of life. */
export type ProbeMethod = 'OPTIONS' | 'MESSAGE';

/** A request of `local` that any SIP service answers somehow (RFC 3261 section 8.2). */
export function probeRequest(method: ProbeMethod, sip: Place['sip'], local: Endpoint): string {
  const id = randomBytes(8).toString('hex');
  const request = [
    `${method} sip:${sip.host}:${sip.port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local.address}:${local.port};branch=z9hG4bK${id};rport`,
    `From: <sip:readiness@${local.address}>;tag=${id}`,
    `To: <sip:${sip.host}:${sip.port}>`,
    `Call-ID: ${id}@${local.address}`,
    `CSeq: 1 ${method}`,
    'Max-Forwards: 70',
    'Content-Length: 0',
  ];
  return `${request.join('\r\n')}\r\n\r\n`;
}
