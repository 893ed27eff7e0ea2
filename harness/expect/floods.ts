import type { WireMessage } from '../capture/sip_messages.ts';
import type { MemorySample } from '../target/process_memory.ts';
import type { Call } from '../traffic/call.ts';
import { setUp } from './calls.ts';
import { matched, mismatch, type Match } from './match.ts';

/**
 * Which part of what a flood sends may stay in memory once it has gone on for a while. A service that forgets keeps
 * nothing of it; what its collector has not found yet comes and goes.
 */
const MOST_KEPT = 0.5;
/** Fewer samples than this show no course. */
const LEAST_SAMPLES = 16;

/** When a customer called, by the flood. */
type When = 'before' | 'during' | 'after';

/** One call of a customer beside a flood. */
export interface CustomersCall {
  readonly when: When;
  /** The final status; undefined where no answer came, as often as the request was sent. */
  readonly status: number | undefined;
  /** The longest time that an answer took, in milliseconds. */
  readonly ms: number;
}

/** However fast answers were before: what a person does not notice, and a busy machine takes by itself. */
const ALWAYS_GOOD_MS = 200;
const MOST_TIMES = 10;

/** Every call was set up. Rules: hard.flood.memory, hard.strangers.slots. */
export function eachSetUp(calls: readonly Call[]): Match {
  for (const [index, call] of calls.entries()) {
    const match = setUp(call);
    if (match.ok) continue;
    const actual = `call ${index + 1} of ${calls.length} beside the flood: ${match.actual}`;
    return mismatch(match.acceptable, actual, match.where);
  }
  return matched;
}

/**
 * Of what the flood sent in its later half, at most half has stayed in the target's memory.
 * Rule: hard.flood.memory.
 */
export function levelledOff(samples: readonly MemorySample[]): Match {
  const quarter = samples.length >> 2;
  const third = samples.slice(2 * quarter, 3 * quarter);
  const last = samples.slice(3 * quarter);
  const sent = meanOf(last, 'sent') - meanOf(third, 'sent');
  const grown = meanOf(last, 'held') - meanOf(third, 'held');
  if (grown <= MOST_KEPT * sent) return matched;
  return mismatch(
    `memory that grows by at most half of what comes, once the flood has gone on for half its time`,
    `it grew by ${megabytes(grown)} while ${megabytes(sent)} came, from ${megabytes(meanOf(third, 'held'))} to ` +
      megabytes(meanOf(last, 'held')),
    'the memory of the target over the flood, attached',
  );
}

/** Whether there are enough samples to judge by. */
export function showCourse(samples: readonly MemorySample[]): boolean {
  return samples.length >= LEAST_SAMPLES;
}

/** A machine that is short of time loses more than the service does. */
const MOST_ODD = 0.05;

/**
 * The calls beside the flood, all but one in twenty, got the answer that calls got before it.
 * Rule: hard.strangers.slots.
 */
export function servedAsBefore(calls: readonly CustomersCall[]): Match {
  const usual = calls.find(({ when }) => when === 'before')?.status;
  const odd = calls.filter(({ status }) => status !== usual);
  const [first] = odd;
  if (first === undefined || odd.length <= MOST_ODD * calls.length) return matched;
  return mismatch(
    `${usual ?? 'an answer'} to nineteen of twenty calls, as before the flood`,
    `${first.status ?? 'no answer'} to ${odd.length} of ${calls.length} calls, the first of them ${first.when} the flood`,
    'the calls of the customer, attached',
  );
}

/**
 * During the flood and right after it the median answer took no longer than a fifth of a second, or ten times what it
 * took before.
 * Rule: hard.strangers.slots.
 */
export function servedAtOnce(calls: readonly CustomersCall[]): Match {
  const medianOf = (when: When): number => {
    const times = calls.filter((call) => call.when === when).map(({ ms }) => ms);
    return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
  };
  const before = medianOf('before');
  const most = Math.max(ALWAYS_GOOD_MS, MOST_TIMES * before);
  for (const when of ['during', 'after'] as const) {
    const median = medianOf(when);
    if (median <= most) continue;
    return mismatch(
      `a median answer within ${most.toFixed(0)} ms (${ALWAYS_GOOD_MS} ms, or ${MOST_TIMES} times the ${before.toFixed(1)} ms of before)`,
      `${median.toFixed(0)} ms ${when} the flood`,
      'the calls of the customer, attached',
    );
  }
  return matched;
}

function meanOf(samples: readonly MemorySample[], value: keyof MemorySample): number {
  return samples.reduce((sum, sample) => sum + sample[value], 0) / samples.length;
}

function megabytes(octets: number): string {
  return `${(octets / 1e6).toFixed(1)} MB`;
}

/**
 * The OPTIONS that came over the connection was answered with 200.
 * Rule: hard.strangers.slots.
 */
export function answeredOverOpenConnection(answer: WireMessage | undefined, owner: string): Match {
  if (answer?.status === 200) return matched;
  return mismatch(
    `200 to the OPTIONS over the connection that ${owner} keeps open`,
    answer?.startLine ?? 'no answer, or a closed connection',
    'the wire',
  );
}
