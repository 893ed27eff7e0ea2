/**
 * The verdicts of scenarios and rules, in rising order: of several, the highest stands. Only `passed` is green.
 * `uncovered` is a rule of the catalogue that has no scenario in this run.
 */
export const VERDICTS = ['passed', 'skipped', 'inconclusive', 'failed', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];
export type RuleVerdict = Verdict | 'uncovered';

/** The higher of two verdicts. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) >= VERDICTS.indexOf(b) ? a : b;
}

/** How the target broke a rule. */
export interface Violation {
  /** Each outcome the rule allows, in words. */
  readonly acceptable: readonly string[];
  /** What was observed, in words. */
  readonly actual: string;
  /** Where a reader finds it: the message, field or attachment. */
  readonly where?: string;
}

/** Media type of a `Violation` that is attached as JSON to the step that found it. */
export const VIOLATION_MEDIA_TYPE = 'application/vnd.voice-edge.violation+json';

/** The violation as a person reads it. */
export function violationText({ acceptable, actual, where }: Violation): string {
  const lines = [`acceptable: ${acceptable.join(', or ')}`, `actual:     ${actual}`];
  if (where !== undefined) lines.push(`where:      ${where}`);
  return lines.join('\n');
}

/**
 * Thrown by a step when the target broke the rule: the scenario is `failed`. Every other exception that leaves a
 * step or a hook is the harness's own, and the scenario is an `error`.
 */
export class RuleViolation extends Error {
  override readonly name = 'RuleViolation';
  readonly violation: Violation;

  constructor(acceptable: readonly string[], actual: string, where?: string) {
    const violation = { acceptable, actual, ...(where === undefined ? {} : { where }) };
    super(violationText(violation));
    this.violation = violation;
  }
}

/**
 * Thrown where the target broke another rule before this one could be judged: the scenario is `inconclusive`. The
 * other rule's own scenarios fail by it; where they do not, and two rules name it, the reports let it fail.
 */
export class BrokenPrecondition extends Error {
  override readonly name = 'BrokenPrecondition';
  readonly withheld: Withheld;

  /**
   * @param rule the id of the rule that the target broke
   * @param what what came of the precondition, as a clause
   */
  constructor(rule: string, what: string) {
    const reason = `${what}; that is for ${rule} to judge, and this rule cannot be judged without it`;
    super(reason);
    this.withheld = { verdict: 'inconclusive', reason, breaks: rule };
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
  /** The id of the rule that the target broke first, where that is why. */
  readonly breaks?: string | undefined;
  /** True where nothing counts that the scenario came to: what it needed is gone. */
  readonly voids?: boolean | undefined;
}

/** Media type of an attached `Withheld`. */
export const WITHHELD_MEDIA_TYPE = 'application/vnd.voice-edge.withheld+json';
