import {
  TestStepResultStatus,
  TimeConversion,
  type Attachment,
  type Envelope,
  type Pickle,
  type TestCase,
  type TestCaseFinished,
  type TestCaseStarted,
  type TestStepFinished,
} from '@cucumber/messages';

import type { KnownFailure } from '../harness/target/descriptor.ts';
import {
  VIOLATION_MEDIA_TYPE,
  WITHHELD_MEDIA_TYPE,
  worse,
  type Verdict,
  type Violation,
  type Withheld,
} from '../harness/verdict.ts';
import { violationIn, withheldIn } from './attached_data.ts';
import { failureOf, type Failure } from './failure.ts';
import { FeatureIndex, type Example, type NamedScenario } from './feature_index.ts';
import { knownFailureOf, standingOf, type KnownFailureStanding } from './known_failures.ts';
import { presentableIn } from './redaction.ts';

/** An attachment of a scenario; its bytes are in the Allure results. */
interface AttachmentNote {
  readonly name: string;
  readonly mediaType: string;
}

/** The result of one scenario. */
export interface ScenarioResult extends NamedScenario {
  /** The id of its last attempt in the message stream. */
  readonly id: string;
  readonly feature: string;
  readonly rule: string;
  /** The row's columns and values; empty outside an outline. */
  readonly example: Example;
  /** All its tags, including its feature's and rule's, without the `@`. */
  readonly tags: readonly string[];
  /** Relative to the working directory. */
  readonly uri: string;
  readonly line: number;
  readonly verdict: Verdict;
  /** Why it was not judged, or went wrong; undefined for a pass. */
  readonly reason?: string;
  /** The id of another rule that the target broke first, where it is inconclusive for that. */
  readonly breaks?: string;
  /** Why the target is known to fail it; only for a failed scenario that its descriptor lists. */
  readonly knownFailure?: string;
  readonly durationMs: number;
  /** 1, or more where it was retried. */
  readonly attempts: number;
  readonly failure?: Failure;
  /** Whether one of its steps found the rule broken; an error may have followed. */
  readonly violated: boolean;
  readonly attachments: readonly AttachmentNote[];
}

/** The results of a run. */
export interface RunResults {
  /** In the order of the features. */
  readonly scenarios: readonly ScenarioResult[];
  /** What went wrong outside every scenario: a BeforeAll hook, a worker, a feature that does not parse. */
  readonly errors: readonly string[];
  /** The known failures of the target's descriptor, in its order, with their standing. */
  readonly knownFailures: readonly KnownFailureStanding[];
  /** How many scenarios were selected. */
  readonly selected: number;
}

/** One attempt at a scenario, while it runs. */
interface Attempt {
  readonly started: TestCaseStarted;
  readonly testCase: TestCase;
  verdict: Verdict;
  reason: string | undefined;
  failure: Failure | undefined;
  skipped: boolean;
  readonly withheld: Withheld[];
  /** The violations that steps found, by the steps' ids. */
  readonly violations: Map<string, Violation>;
  readonly attachments: AttachmentNote[];
}

/**
 * Turns the message stream of a run into results. Messages come in order, with the scenarios of several workers
 * interleaved. It uses no clock and no file.
 */
export class ResultCollector {
  readonly #clean: (text: string) => string;
  readonly #knownFailures: readonly KnownFailure[];
  readonly #features = new FeatureIndex();
  readonly #pickles = new Map<string, Pickle>();
  readonly #hooks = new Map<string, string>();
  readonly #runHooks = new Map<string, string>();
  readonly #testCases = new Map<string, TestCase>();
  /** The ids of the test cases that have started. */
  readonly #begun = new Set<string>();
  readonly #running = new Map<string, Attempt>();
  readonly #finished: ScenarioResult[] = [];
  readonly #errors: string[] = [];

  /**
   * @param directory the working directory, cut from the paths in messages
   * @param knownFailures the entries of the target's descriptor
   */
  constructor(directory: string, knownFailures: readonly KnownFailure[] = []) {
    this.#clean = presentableIn(directory);
    this.#knownFailures = knownFailures;
  }

  /** Takes the next message; returns a scenario's result where the message ends its last attempt. */
  receive(envelope: Envelope): ScenarioResult | undefined {
    if (envelope.testStepFinished) this.#stepFinished(envelope.testStepFinished);
    else if (envelope.attachment) this.#attached(envelope.attachment);
    else if (envelope.testCaseStarted) this.#started(envelope.testCaseStarted);
    else if (envelope.testCaseFinished) return this.#caseFinished(envelope.testCaseFinished);
    else if (envelope.testCase) this.#testCases.set(envelope.testCase.id, envelope.testCase);
    else if (envelope.pickle) this.#pickles.set(envelope.pickle.id, envelope.pickle);
    else if (envelope.gherkinDocument) this.#features.add(envelope.gherkinDocument);
    else this.#runMessage(envelope);
    return undefined;
  }

  /**
   * The results so far. Scenarios in flight count as errors, because they did not end: ask when the run is over or
   * was interrupted.
   *
   * @param cut why the run was cut: what was in flight or had not begun gets this verdict instead
   */
  results(cut?: Withheld): RunResults {
    const { verdict, reason }: Pick<Attempt, 'verdict' | 'reason'> = cut ?? UNFINISHED;
    const begun = [...this.#running.values()];
    const unfinished = [...begun, ...(cut ? this.#waiting() : [])].map((attempt) =>
      this.#result({ ...attempt, verdict, reason, failure: undefined, violations: new Map() }, 0),
    );
    const scenarios = [...this.#finished, ...unfinished].toSorted(
      (a, b) => compare(a.uri, b.uri) || a.line - b.line || compare(a.name, b.name),
    );
    const all = [...this.#pickles.values()].map((pickle) => this.#features.namesOf(pickle));
    return {
      scenarios,
      errors: [...this.#errors],
      knownFailures: this.#knownFailures.map((entry) => standingOf(entry, scenarios, all)),
      selected: this.#testCases.size,
    };
  }

  /** Whether a scenario with this tag, written without `@`, is in flight. */
  isRunning(tag: string): boolean {
    return [...this.#running.values()].some(({ testCase }) =>
      this.#pickles.get(testCase.pickleId)?.tags.some(({ name }) => name === `@${tag}`),
    );
  }

  /** How many scenarios of each feature were selected; keys are the features' paths. */
  selectedByFeature(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { pickleId } of this.#testCases.values()) {
      const uri = this.#pickles.get(pickleId)?.uri ?? '';
      counts.set(uri, (counts.get(uri) ?? 0) + 1);
    }
    return counts;
  }

  /** The rule id of a scenario that has started; undefined where it has none. */
  ruleIdOf(started: TestCaseStarted): string | undefined {
    const pickle = this.#pickles.get(this.#testCases.get(started.testCaseId)?.pickleId ?? '');
    return this.#features.placeOf(pickle).ruleId;
  }

  #started(started: TestCaseStarted): void {
    const testCase = this.#testCases.get(started.testCaseId);
    if (!testCase) return;
    this.#begun.add(testCase.id);
    this.#running.set(started.id, attemptAt(testCase, started));
  }

  /** The scenarios that have not begun. */
  #waiting(): Attempt[] {
    return [...this.#testCases.values()]
      .filter(({ id }) => !this.#begun.has(id))
      .map((testCase) =>
        attemptAt(testCase, { id: testCase.id, testCaseId: testCase.id, attempt: 0, timestamp: NEVER }),
      );
  }

  #attached(attachment: Attachment): void {
    const attempt = this.#running.get(attachment.testCaseStartedId ?? '');
    if (!attempt) return;
    const { mediaType, fileName, testStepId = '' } = attachment;
    if (mediaType === WITHHELD_MEDIA_TYPE) {
      const withheld = withheldIn(attachment);
      if (withheld) attempt.withheld.push({ ...withheld, reason: this.#clean(withheld.reason) });
      else this.#raise(attempt, 'error', 'an attached reason for not judging cannot be read');
    } else if (mediaType === VIOLATION_MEDIA_TYPE) {
      const violation = violationIn(attachment);
      if (violation) attempt.violations.set(testStepId, violation);
      else this.#raise(attempt, 'error', 'an attached violation cannot be read');
    } else {
      attempt.attachments.push({ name: fileName ?? mediaType, mediaType });
    }
  }

  #stepFinished({ testCaseStartedId, testStepId, testStepResult }: TestStepFinished): void {
    const attempt = this.#running.get(testCaseStartedId);
    if (!attempt || testStepResult.status === TestStepResultStatus.PASSED) return;
    if (testStepResult.status === TestStepResultStatus.SKIPPED) {
      attempt.skipped = true;
      return;
    }
    // What it could not be judged for is attached to the step.
    if (testStepResult.exception?.type === 'BrokenPrecondition') {
      attempt.skipped = true;
      return;
    }
    const step = this.#stepText(attempt.testCase, testStepId);
    if (testStepResult.status === TestStepResultStatus.FAILED) {
      const broken = testStepResult.exception?.type === 'RuleViolation';
      const violation = attempt.violations.get(testStepId);
      const failure = failureOf(testStepResult, step, this.#clean, violation);
      this.#raise(attempt, broken ? 'failed' : 'error', failure.message, failure);
    } else {
      const message = STEP_PROBLEMS[testStepResult.status] ?? 'the step came to no known status';
      this.#raise(attempt, 'error', `${message}: ${step}`, { message, step });
    }
  }

  /** Raises the attempt's verdict. Where it already has this verdict, the first reason stands. */
  #raise(attempt: Attempt, verdict: Verdict, reason: string, failure?: Failure): void {
    if (worse(attempt.verdict, verdict) === attempt.verdict) return;
    attempt.verdict = verdict;
    attempt.reason = reason;
    attempt.failure = failure;
  }

  #caseFinished(finished: TestCaseFinished): ScenarioResult | undefined {
    const attempt = this.#running.get(finished.testCaseStartedId);
    if (!attempt) return undefined;
    this.#running.delete(finished.testCaseStartedId);
    if (finished.willBeRetried) return undefined;
    for (const { verdict, reason, voids } of attempt.withheld) {
      if (voids === true) empty(attempt);
      this.#raise(attempt, verdict, reason);
    }
    // Steps after a failed one are skipped too, so only a skip without any explanation is an error.
    if (attempt.skipped && attempt.verdict === 'passed')
      this.#raise(attempt, 'error', 'skipped without a reason');
    const end = TimeConversion.timestampToMillisecondsSinceEpoch(finished.timestamp);
    const start = TimeConversion.timestampToMillisecondsSinceEpoch(attempt.started.timestamp);
    const result = this.#result(attempt, Math.max(0, Math.round(end - start)));
    this.#finished.push(result);
    return result;
  }

  #result(attempt: Attempt, durationMs: number): ScenarioResult {
    const pickle = this.#pickles.get(attempt.testCase.pickleId);
    const { feature, rule, line } = this.#features.placeOf(pickle);
    const names = this.#features.namesOf(pickle);
    const { reason, failure } = attempt;
    const breaks =
      attempt.verdict === 'inconclusive' ? attempt.withheld.find((one) => one.breaks)?.breaks : undefined;
    const known = attempt.verdict === 'failed' ? knownFailureOf(this.#knownFailures, names) : undefined;
    return {
      id: attempt.started.id,
      ...names,
      feature,
      rule,
      example: this.#features.exampleOf(pickle),
      tags: pickle?.tags.map((tag) => tag.name.slice(1)) ?? [],
      uri: pickle?.uri ?? '',
      line: pickle?.location?.line ?? line,
      verdict: attempt.verdict,
      ...(reason === undefined ? {} : { reason }),
      ...(breaks === undefined ? {} : { breaks }),
      ...(known ? { knownFailure: known.reason } : {}),
      durationMs,
      attempts: attempt.started.attempt + 1,
      ...(failure === undefined ? {} : { failure }),
      violated: attempt.violations.size > 0,
      attachments: attempt.attachments,
    };
  }

  #stepText(testCase: TestCase, testStepId: string): string {
    const testStep = testCase.testSteps.find((step) => step.id === testStepId);
    if (testStep?.hookId !== undefined) return this.#hooks.get(testStep.hookId) ?? 'a hook';
    const pickle = this.#pickles.get(testCase.pickleId);
    return this.#features.textOf(pickle?.steps.find((step) => step.id === testStep?.pickleStepId));
  }

  #runMessage({
    hook,
    parseError,
    testRunHookStarted,
    testRunHookFinished,
    testRunFinished,
  }: Envelope): void {
    if (hook) {
      const name = hook.name === undefined ? '' : ` "${hook.name}"`;
      this.#hooks.set(hook.id, `${HOOK_WORDS[hook.type ?? ''] ?? 'hook'}${name}`);
    } else if (parseError) {
      const { uri, location } = parseError.source;
      this.#errors.push(this.#clean(`${uri ?? ''}:${location?.line ?? 0}: ${parseError.message}`));
    } else if (testRunHookStarted) {
      this.#runHooks.set(testRunHookStarted.id, this.#hooks.get(testRunHookStarted.hookId) ?? 'a run hook');
    } else if (testRunHookFinished?.result.status === TestStepResultStatus.FAILED) {
      const { result, testRunHookStartedId } = testRunHookFinished;
      const name = this.#runHooks.get(testRunHookStartedId) ?? 'a run hook';
      this.#errors.push(`${name}: ${failureOf(result, name, this.#clean).message}`);
    } else if (testRunFinished?.exception) {
      this.#errors.push(this.#clean(testRunFinished.exception.message ?? testRunFinished.exception.type));
    }
  }
}

const UNFINISHED = { verdict: 'error', reason: 'did not come to its end' } as const;
const NEVER = { seconds: 0, nanos: 0 };

function attemptAt(testCase: TestCase, started: TestCaseStarted): Attempt {
  return {
    started,
    testCase,
    verdict: 'passed',
    reason: undefined,
    failure: undefined,
    skipped: false,
    withheld: [],
    violations: new Map(),
    attachments: [],
  };
}

/** Takes away whatever the attempt came to. */
function empty(attempt: Attempt): void {
  attempt.verdict = 'passed';
  attempt.reason = undefined;
  attempt.failure = undefined;
  attempt.violations.clear();
}

/** Messages for statuses that only an unusable step has. */
const STEP_PROBLEMS: Partial<Record<TestStepResultStatus, string>> = {
  [TestStepResultStatus.UNDEFINED]: 'no step definition matches',
  [TestStepResultStatus.AMBIGUOUS]: 'several step definitions match',
  [TestStepResultStatus.PENDING]: 'the step definition is pending',
};

const HOOK_WORDS: Record<string, string> = {
  BEFORE_TEST_RUN: 'BeforeAll hook',
  AFTER_TEST_RUN: 'AfterAll hook',
  BEFORE_TEST_CASE: 'Before hook',
  AFTER_TEST_CASE: 'After hook',
};

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
