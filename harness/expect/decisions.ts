import type { Outcome } from '../model/decision.ts';
import type { TableRow } from '../model/decision_rows.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { challengeIn, finalOf } from './attempts.ts';
import { matched, mismatch, type Match } from './match.ts';

/** More rows than these are counted, and not told one by one. */
const MOST_TOLD = 5;

/** A row that was tried, and what came of it. */
export interface TriedRow {
  readonly row: TableRow;
  readonly attempt: Attempt;
}

const REFUSALS: readonly string[] = ['401', '403', '407', '481'] satisfies readonly Outcome[];

/**
 * What became of the INVITE: one of the model's outcomes where it is one, else the answer in words. Without a stand-in
 * at the voice platform, an answer that the service gives to nobody it refuses shows that the call got through.
 */
export function outcomeOf(attempt: Attempt): string {
  const final = finalOf(attempt);
  const isThrough =
    attempt.delivered?.some(({ method }) => method === 'INVITE') ??
    (final?.status !== undefined && !REFUSALS.includes(String(final.status)));
  if (isThrough) return 'through' satisfies Outcome;
  if (final?.status === undefined) return 'no final answer';
  if (final.status !== 407) return String(final.status);
  const isStale = challengeIn(final)?.parameters.get('stale')?.toLowerCase() === 'true';
  return (isStale ? '407 stale' : '407') satisfies Outcome;
}

/** Whether it is an outcome that the documents allow for the row. */
export function isAllowed({ row, attempt }: TriedRow): boolean {
  const allowed: readonly string[] = row.acceptable;
  return allowed.includes(outcomeOf(attempt));
}

/**
 * Every row has an outcome that the documents allow for it. What does not is told by its coordinates, `again` says how
 * to try only that.
 * Rules: those that decide rows of the table (harness/model/decision.ts).
 */
export function decidedAsDocumented(tried: readonly TriedRow[], again: (row: TableRow) => string): Match {
  const odd = tried.filter((one) => !isAllowed(one));
  const [first] = odd;
  if (!first) return matched;
  const told = odd
    .slice(0, MOST_TOLD)
    .map(({ row, attempt }) => `${outcomeOf(attempt)} (${row.name}: ${row.acceptable.join(' or ')})`);
  const more = odd.length > MOST_TOLD ? [`and ${odd.length - MOST_TOLD} more`] : [];
  return mismatch(
    first.row.acceptable,
    `in ${odd.length} of ${tried.length} rows: ${[...told, ...more].join('; ')}`,
    `the table of the rows, attached; the first one again: ${again(first.row)}`,
  );
}
