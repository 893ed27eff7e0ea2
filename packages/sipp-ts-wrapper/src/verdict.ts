import { headline, incident, type Incident } from './error_log.ts';
import type { Scenario, ScenarioStep } from './scenario.ts';
import type { Exit } from './sipp_child.ts';
import type { CallCounters } from './statistics.ts';
import type { TracedMessage } from './trace_parser.ts';

/**
 * `passed`: exit code 0, every requested call was made and succeeded, and no check failed. `failed`: a call or a check
 * failed, or SIPp gave up. `timeout`: the run took longer than `timeoutMs`. `aborted`: the caller ended it. `killed`: a
 * signal ended it, or stopping it cut open calls.
 */
export type SippOutcome = 'passed' | 'failed' | 'timeout' | 'killed' | 'aborted';

/** All that is known about a run that has ended. */
export interface Evidence {
  exit: Exit;
  calls: CallCounters & { requested: number | 'unbounded' };
  /** SIPp's error log. */
  errors: readonly string[];
  messages: readonly TracedMessage[];
  scenario: Scenario;
  timeoutMs: number | undefined;
  receiveTimeoutMs: number | undefined;
}

/**
 * Judges a run. SIPp's exit code alone says little: it is 0 where a check in a `<nop>` failed and where calls never
 * started, so its counters and its error log must agree with it. The reason is one line.
 */
export function verdict(evidence: Evidence): { outcome: SippOutcome; reason: string } {
  const { outcome, reason } = judgement(evidence);
  // The reason may quote a peer.
  return { outcome, reason: reason.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '?') };
}

function judgement(evidence: Evidence): { outcome: SippOutcome; reason: string } {
  const { exit, calls, errors } = evidence;
  const incidents = errors.map(incident);
  const [first, ...others] = incidents.filter(isCause);
  const known = first && firstOf([first, ...others], evidence);
  const because = known === undefined ? '' : `; ${known}`;
  const total = calls.requested === 'unbounded' ? calls.created : calls.requested;
  const progress = `${calls.successful} of ${total} calls succeeded`;
  const overTime = exit.code === 255 && incidents.some(({ kind }) => kind === 'overall-timeout');

  if (isPassed(evidence, incidents)) {
    return {
      outcome: 'passed',
      reason: `${calls.successful} of ${total} ${total === 1 ? 'call' : 'calls'} succeeded`,
    };
  }
  if (exit.cause === 'aborted')
    return { outcome: 'aborted', reason: `ended by the caller; ${progress}${because}` };
  if (exit.cause === 'timeout' || overTime) {
    const detail = because === '' ? openCall(evidence) : because;
    return { outcome: 'timeout', reason: `not done within ${evidence.timeoutMs} ms; ${progress}${detail}` };
  }
  if (exit.cause === 'stopped' && (exit.forced || exit.signal !== null)) {
    return { outcome: 'killed', reason: `stopped while calls were open; ${progress}${because}` };
  }
  if (exit.signal !== null)
    return { outcome: 'killed', reason: `SIPp died of ${exit.signal}; ${progress}${because}` };
  if (known !== undefined) return { outcome: 'failed', reason: known };
  if (exit.cause === 'stopped' && calls.failed === 0)
    return { outcome: 'aborted', reason: `stopped; ${progress}` };
  return { outcome: 'failed', reason: fallback(evidence, incidents, progress) };
}

function isPassed({ exit, calls }: Evidence, incidents: readonly Incident[]): boolean {
  if (exit.code !== 0 || calls.failed > 0 || incidents.some(({ kind }) => kind === 'check')) return false;
  if (calls.requested !== 'unbounded') return calls.successful === calls.requested;
  // Without a number of calls, a good end is one that was asked for, or SIPp's own.
  return calls.successful === calls.created && (exit.cause === undefined || exit.cause === 'stopped');
}

/** The traced messages that SIPp did not expect. */
export function unexpectedMessages(evidence: {
  errors: readonly { time: number; text: string }[];
  messages: readonly TracedMessage[];
  transport: string;
}): TracedMessage[] {
  const found: TracedMessage[] = [];
  for (const { time, text } of evidence.errors) {
    const event = incident(text);
    if (event.kind === 'unexpected') {
      const traced = evidence.messages.findLast(
        (message) =>
          message.direction === 'received' && message.time <= time && message.text === event.message,
      );
      found.push(
        traced ?? {
          time,
          direction: 'received',
          transport: evidence.transport,
          text: event.message,
          truncated: false,
        },
      );
    } else if (event.kind === 'unexpected-method') {
      const traced = evidence.messages.findLast(
        (message) =>
          message.direction === 'received' &&
          message.time <= time &&
          message.text.startsWith(`${event.method} `) &&
          callId(message.text) === event.callId,
      );
      if (traced !== undefined) found.push(traced);
    }
  }
  return found;
}

/** An incident that makes a call fail, unlike a remark or an end from outside. */
type Cause = Exclude<Incident, { kind: 'other' | 'overall-timeout' | 'cut' }>;

function isCause(event: Incident): event is Cause {
  return event.kind !== 'other' && event.kind !== 'overall-timeout' && event.kind !== 'cut';
}

/** A sentence about the first incident, with the number of others. */
function firstOf([first, ...others]: readonly [Cause, ...Cause[]], evidence: Evidence): string {
  return others.length === 0
    ? sentence(first, evidence)
    : `${sentence(first, evidence)} (and ${others.length} more)`;
}

function sentence(event: Cause, evidence: Evidence): string {
  if (event.kind === 'check') return `a check failed: ${event.sentence}`;
  if (event.kind === 'refused') return `the message could not be delivered: ${event.reason}`;
  const subject = call(event.callId, evidence);
  if (event.kind === 'unexpected-method') return `${subject}: received an unexpected ${event.method}`;
  if (event.kind === 'unanswered') {
    return `${subject}: ${lastSent(event.callId, evidence)} was retransmitted to the end and never answered`;
  }
  const { scenario, receiveTimeoutMs } = evidence;
  const place = at(event.step, scenario);
  if (event.kind === 'send-timeout') return `${subject}: a message could not be sent in time${place}`;
  if (event.kind === 'unexpected' && event.sending) {
    return `${subject}: received ${headline(event.message)} where nothing was expected${place}`;
  }
  const wanted = expected(event.step, scenario);
  if (event.kind === 'unexpected') {
    return `${subject}: expected ${wanted}, received ${headline(event.message)}${place}`;
  }
  const limit = receiveTimeoutMs === undefined ? 'in time' : `within ${receiveTimeoutMs} ms`;
  return `${subject}: expected ${wanted}, received nothing ${limit}${place}`;
}

/** `call 3`, by the order in which Call-IDs appear on the wire, else by SIPp's own number in the Call-ID. */
function call(id: string, { messages }: Evidence): string {
  const seen = new Set<string>();
  for (const message of messages) {
    const current = callId(message.text);
    if (current === undefined || seen.has(current)) continue;
    seen.add(current);
    if (current === id) return `call ${seen.size}`;
  }
  const number = /^(\d+)-\d+@/.exec(id)?.[1];
  return number === undefined ? `call ${id}` : `call ${number}`;
}

function callId(message: string): string | undefined {
  return /^(?:Call-ID|i)[ \t]*:[ \t]*(.*?)[ \t]*\r?$/im.exec(message)?.[1];
}

function lastSent(id: string, { messages }: Evidence): string {
  const sent = messages.findLast((message) => message.direction === 'sent' && callId(message.text) === id);
  return sent === undefined ? 'a message' : headline(sent.text);
}

const isOptional = (step: ScenarioStep | undefined): boolean => step?.element === 'recv' && step.optional;

/** What a step waits for: the mandatory message, and the optional ones that SIPp accepts instead. */
function expected(index: number, { steps }: Scenario): string {
  let first = index;
  while (isOptional(steps[first - 1])) first -= 1;
  let last = index;
  while (isOptional(steps[last]) && steps[last + 1]?.element === 'recv') last += 1;
  const names = steps.slice(first, last + 1).map((step) => step.expects ?? step.element);
  const mandatory = names.pop() ?? 'something else';
  const optional = [...new Set(names)].filter((name) => name !== mandatory);
  return optional.length === 0 ? mandatory : `${mandatory} (or ${optional.join(', ')})`;
}

function at(index: number, { file, steps }: Scenario): string {
  const line = steps[index]?.line;
  return line === undefined ? '' : ` (${file}:${line})`;
}

/** For a run that timed out with a call open: the last message on the wire. */
function openCall({ messages }: Evidence): string {
  const last = messages.at(-1);
  if (last === undefined) return '; nothing was sent or received';
  return `; the last message was ${headline(last.text)}, ${last.direction}`;
}

function fallback({ exit, calls }: Evidence, incidents: readonly Incident[], progress: string): string {
  if ((calls.failures['TcpClosed'] ?? 0) > 0) return `the other side closed the TCP connection; ${progress}`;
  const reasons = Object.entries(calls.failures).map(([reason, number]) => `${number} ${reason}`);
  if (reasons.length > 0) return `${progress}; SIPp counted ${reasons.join(', ')}`;
  const last = incidents.at(-1);
  const said = last?.kind === 'other' ? `: ${last.sentence}` : '';
  return `SIPp ended with exit code ${exit.code}${said}; ${progress}`;
}
