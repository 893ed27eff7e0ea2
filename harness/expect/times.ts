import type { TimedKind } from '../traffic/timed.ts';
import { matched, mismatch, type Match } from './match.ts';

const WHERE = 'the times of all rounds, attached';

/** Standard deviations. By chance alone one run in a million and a half exceeds it. */
const SIGNIFICANT = 5;
/** The same, beside a difference of the medians: by chance alone one in seven hundred exceeds it. */
const TELLING = 3;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** By how many standard deviations more than half of the rounds `one` was the slower one; negative: the other. */
function slowness(one: readonly number[], other: readonly number[]): number {
  const signs = one.map((ms, round) => Math.sign(ms - (other[round] ?? ms))).filter((sign) => sign !== 0);
  return signs.reduce((sum, sign) => sum + sign, 0) / Math.sqrt(signs.length || 1);
}

/**
 * The median times of all kinds differ by less than this factor. The kinds take turns, so that a busy machine slows all
 * of them alike. There an answer takes one time or another by chance, and medians may be far apart: so the slowest kind
 * has to be slower than the fastest in most of the rounds as well. What it sees is a difference of the size of a whole
 * answer, such as a look-up that is left out or done again.
 * Rules: hard.auth.enumeration, hard.hash-flooding.
 *
 * @param part which part of the rounds counts: 0.5 for the later half
 */
export function timesAlike(
  kinds: readonly Pick<TimedKind, 'name' | 'times'>[],
  factor: number,
  part = 1,
): Match {
  const medians = kinds.map(({ name, times }) => {
    const counting = times.slice(Math.floor(times.length * (1 - part)));
    return { name, counting, ms: median(counting) };
  });
  const [fastest, ...others] = medians.toSorted((one, other) => one.ms - other.ms);
  const slowest = others.at(-1);
  if (!fastest || !slowest || slowest.ms < factor * fastest.ms) return matched;
  if (slowness(slowest.counting, fastest.counting) < TELLING) return matched;
  return mismatch(
    `median times that differ by less than a factor of ${factor}`,
    `${slowest.ms.toFixed(3)} ms for ${slowest.name}, ${fastest.ms.toFixed(3)} ms for ${fastest.name}`,
    WHERE,
  );
}

/**
 * Neither of two kinds is slower in significantly more than half of the rounds. The sign test asks nothing of the noise
 * but that it does not know which kind comes first, and that is drawn by lot: so a busy machine makes no false alarm. It
 * sees a difference of about the spread of a single answer's time, here some tens of microseconds. It does not see the
 * nanoseconds that a comparison by memcmp gives away: those are for a review of the code.
 * Rule: hard.auth.timing.
 */
export function noneSlower([one, other]: readonly TimedKind[]): Match {
  if (!one || !other) return matched;
  const deviations = slowness(one.times, other.times);
  if (Math.abs(deviations) < SIGNIFICANT) return matched;
  const [slow, fast] = deviations > 0 ? [one, other] : [other, one];
  const count = slow.times.filter((ms, round) => ms > (fast.times[round] ?? ms)).length;
  return mismatch(
    'either is the slower one in about half of the rounds',
    `${slow.name} was slower than ${fast.name} in ${count} of ${slow.times.length} rounds ` +
      `(medians ${median(slow.times).toFixed(3)} and ${median(fast.times).toFixed(3)} ms)`,
    WHERE,
  );
}

/** What an outsider sees of an answer besides its time: status line, names and order of headers, octets. */
function shapeOf({ answer }: TimedKind): string {
  const names = answer.headers.map(([name]) => name).join(', ');
  return `"${answer.startLine}" with ${names}, ${answer.text.length} octets`;
}

/**
 * The answers to all kinds have the same status line, the same headers in the same order, and as many octets.
 * Rule: hard.auth.enumeration.
 */
export function answersAlike(kinds: readonly TimedKind[]): Match {
  const [first, ...others] = kinds;
  const odd = first && others.find((kind) => shapeOf(kind) !== shapeOf(first));
  if (!first || !odd) return matched;
  return mismatch(
    'answers that cannot be told apart',
    `${shapeOf(first)} to ${first.name}; ${shapeOf(odd)} to ${odd.name}`,
    WHERE,
  );
}
