/**
 * What a scenario or a rule came to. The order is the rule: of several verdicts the highest one stands, and only
 * `passed` is green. `uncovered` is a rule of the catalogue that no scenario of this run speaks of.
 */
export const VERDICTS = ['passed', 'skipped', 'inconclusive', 'failed', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];
export type RuleVerdict = Verdict | 'uncovered';

/** The higher of two verdicts. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) >= VERDICTS.indexOf(b) ? a : b;
}

/**
 * Thrown by a step when the target broke the rule: the scenario is `failed`. Every other exception that leaves a
 * step or a hook is a fault of the harness, and the scenario is an `error`.
 */
export class RuleViolation extends Error {
  override readonly name = 'RuleViolation';
  /** Each outcome the rule allows, in words. */
  readonly acceptable: readonly string[];
  /** What was observed, in words. */
  readonly actual: string;
  /** Where a reader finds it: the message, field or attachment. */
  readonly where: string | undefined;

  constructor(acceptable: readonly string[], actual: string, where?: string) {
    const lines = [`acceptable: ${acceptable.join(', or ')}`, `came:       ${actual}`];
    if (where !== undefined) lines.push(`where:      ${where}`);
    super(lines.join('\n'));
    this.acceptable = acceptable;
    this.actual = actual;
    this.where = where;
  }
}

/** Thrown where the harness itself, or what it stands on, failed: the target is not to blame. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
}

/**
 * A step that cannot be judged attaches this as JSON and returns 'skipped'. `skipped`: the target says it does not
 * do this. `inconclusive`: the rule applies, and could not be observed from here.
 */
export interface Withheld {
  readonly verdict: 'skipped' | 'inconclusive';
  readonly reason: string;
}

/** Media type of an attached `Withheld`. */
export const WITHHELD_MEDIA_TYPE = 'application/vnd.voice-edge.withheld+json';
