import type { TestStepResult } from '@cucumber/messages';

import { violationText, type Violation } from '../harness/verdict.ts';

/** What went wrong in a scenario that failed or erred. */
export interface Failure {
  /** The full message for a person. */
  readonly message: string;
  /** The step, as the feature has it, or the hook in which it happened. */
  readonly step: string;
  /** What the rule asks for and what came instead; for a broken rule only. */
  readonly violation?: Violation;
  /** The frames of the exception, without its message. */
  readonly trace?: string;
}

/** Makes a text fit to be shown: removes secrets and absolute paths. */
type Clean = (text: string) => string;

/**
 * The failure that a step or hook ended with.
 *
 * @param violation the broken rule, as the step attached it
 */
export function failureOf(
  result: TestStepResult,
  step: string,
  clean: Clean,
  violation?: Violation,
): Failure {
  const { exception } = result;
  const frames = exception?.stackTrace?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  const trace = frames.length === 0 ? {} : { trace: clean(frames.join('\n')) };
  if (violation !== undefined) {
    const cleaned = cleanViolation(violation, clean);
    return { message: violationText(cleaned), step, violation: cleaned, ...trace };
  }
  const message = clean(exception?.message ?? result.message ?? `${result.status.toLowerCase()} step`);
  return { message, step, ...trace };
}

function cleanViolation({ acceptable, actual, where }: Violation, clean: Clean): Violation {
  return {
    acceptable: acceptable.map(clean),
    actual: clean(actual),
    ...(where === undefined ? {} : { where: clean(where) }),
  };
}
