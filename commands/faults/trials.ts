import {
  TestStepResultStatus,
  type Envelope,
  type Pickle,
  type PickleStep,
  type TestCase,
} from '@cucumber/messages';

/** The steps that failed scenarios of a run took, by cucumber's messages. */
export class Trials {
  readonly #pickles = new Map<string, Pickle>();
  readonly #testCases = new Map<string, TestCase>();
  readonly #started = new Map<string, TestCase>();
  readonly #steps = new Map<string, readonly string[]>();

  receive({ pickle, testCase, testCaseStarted, testStepFinished }: Envelope): void {
    if (pickle) this.#pickles.set(pickle.id, pickle);
    if (testCase) this.#testCases.set(testCase.id, testCase);
    if (testCaseStarted) {
      const started = this.#testCases.get(testCaseStarted.testCaseId);
      if (started) this.#started.set(testCaseStarted.id, started);
    }
    if (testStepFinished?.testStepResult.status !== TestStepResultStatus.FAILED) return;
    const failed = this.#started.get(testStepFinished.testCaseStartedId);
    if (failed) this.#failed(failed, testStepFinished.testStepId);
  }

  /** The scenario's steps up to and including the first that failed; empty if none failed. */
  stepsOf(place: string): readonly string[] {
    return this.#steps.get(place) ?? [];
  }

  #failed({ pickleId, testSteps }: TestCase, testStepId: string): void {
    const pickle = this.#pickles.get(pickleId);
    const failed = testSteps.find(({ id }) => id === testStepId);
    const index = pickle?.steps.findIndex(({ id }) => id === failed?.pickleStepId) ?? -1;
    if (pickle === undefined || index < 0) return;
    const place = `${pickle.uri}:${pickle.location?.line ?? 0}`;
    if (!this.#steps.has(place)) this.#steps.set(place, pickle.steps.slice(0, index + 1).map(textOf));
  }
}

/** The step without its keyword, with its table or text. */
function textOf({ text, argument }: PickleStep): string {
  return argument === undefined ? text : `${text}\n${JSON.stringify(argument)}`;
}
