import type { TestStepResult } from '@cucumber/messages';

/** What went wrong in a scenario that failed or erred. */
export interface Failure {
  /** In full: for a broken rule the acceptable outcomes, what came and where. */
  readonly message: string;
  /** The step, or the hook, in which it happened, as it stands in the feature. */
  readonly step: string;
  /** Each outcome the rule allows; for a broken rule only. */
  readonly acceptable?: readonly string[];
  /** What came instead; for a broken rule only. */
  readonly actual?: string;
  /** Where a reader finds it. */
  readonly where?: string;
  /** The frames of the exception, without its message. */
  readonly trace?: string;
}

const VIOLATION = /^acceptable: ([\s\S]*?)\ncame: {7}([\s\S]*?)(?:\nwhere: {6}([\s\S]*))?$/;

/**
 * The failure a step or hook ended in.
 *
 * @param clean what makes a text fit to be shown: no secret, no absolute path
 */
export function failureOf(result: TestStepResult, step: string, clean: (text: string) => string): Failure {
  const { exception } = result;
  const message = clean(exception?.message ?? result.message ?? `${result.status.toLowerCase()} step`);
  const frames = exception?.stackTrace?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  const trace = frames.length === 0 ? {} : { trace: clean(frames.join('\n')) };
  const violation = exception?.type === 'RuleViolation' ? VIOLATION.exec(message) : null;
  if (violation === null) return { message, step, ...trace };
  const [, acceptable = '', actual = '', where] = violation;
  return {
    message,
    step,
    acceptable: acceptable.split(', or '),
    actual,
    ...(where === undefined ? {} : { where }),
    ...trace,
  };
}
