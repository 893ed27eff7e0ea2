import { RuleViolation, type Violation } from '../verdict.ts';

/** What a matcher says of a value: it matches, or what was acceptable and what came instead. */
export type Match = { readonly ok: true } | ({ readonly ok: false } & Violation);

/** The match of a value that is as the rule wants it. */
export const matched: Match = { ok: true };

/** A mismatch. `where` says where a reader finds it. */
export function mismatch(acceptable: string | readonly string[], actual: string, where?: string): Match {
  const list = typeof acceptable === 'string' ? [acceptable] : acceptable;
  return where === undefined
    ? { ok: false, acceptable: list, actual }
    : { ok: false, acceptable: list, actual, where };
}

/** At least one of these matches: the rule leaves the choice. If none does, the first one says what came. */
export function anyOf(...matches: readonly [Match, ...Match[]]): Match {
  const misfits = matches.filter((match) => !match.ok);
  const [first] = misfits;
  if (!first || misfits.length < matches.length) return matched;
  return mismatch(
    misfits.flatMap(({ acceptable }) => acceptable),
    first.actual,
    first.where,
  );
}

/** Each of what was tried matches; else every one that does not is told, under its name. */
export function ofEach<Tried extends { readonly name: string }>(
  all: readonly Tried[],
  judge: (one: Tried) => Match,
): Match {
  const misfits = all.flatMap((one) => {
    const match = judge(one);
    return match.ok ? [] : [{ ...match, name: one.name }];
  });
  const [first] = misfits;
  if (!first) return matched;
  const actual = misfits.map((misfit) => `${misfit.actual} (${misfit.name})`).join('; ');
  return mismatch(first.acceptable, actual, first.where);
}

/** Throws a RuleViolation for the first mismatch. */
export function must(...matches: readonly Match[]): void {
  for (const match of matches) {
    if (!match.ok) throw new RuleViolation(match.acceptable, match.actual, match.where);
  }
}
