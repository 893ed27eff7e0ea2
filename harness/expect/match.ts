import { RuleViolation } from '../verdict.ts';

/** What a matcher says of a value: it is as the rule wants it, or what was acceptable and what came instead. */
export type Match =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly acceptable: readonly string[];
      readonly actual: string;
      readonly where?: string;
    };

export const matched: Match = { ok: true };

/** A mismatch. `where` says where a reader finds it. */
export function mismatch(acceptable: string | readonly string[], actual: string, where?: string): Match {
  const list = typeof acceptable === 'string' ? [acceptable] : acceptable;
  return where === undefined
    ? { ok: false, acceptable: list, actual }
    : { ok: false, acceptable: list, actual, where };
}

/** Throws a RuleViolation for the first match that is none. */
export function must(...matches: readonly Match[]): void {
  for (const match of matches) {
    if (!match.ok) throw new RuleViolation(match.acceptable, match.actual, match.where);
  }
}
