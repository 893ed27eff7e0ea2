import { createHash, randomUUID } from 'node:crypto';

import { LabelName, Stage, Status, type Label, type StepResult, type TestResult } from 'allure-js-commons';
import { createTestResult, type Writer } from 'allure-js-commons/sdk/reporter';

import { areaOf, AREAS, isRuleTag, type Basis, type RuleCatalogue } from '../harness/rules.ts';
import type { Verdict } from '../harness/verdict.ts';
import type { ScenarioResult } from './results.ts';

/** Allure has no status for inconclusive. It shows a result without a status as "unknown", which is no pass. */
const STATUSES: Readonly<Record<Verdict, Status | undefined>> = {
  passed: Status.PASSED,
  skipped: Status.SKIPPED,
  inconclusive: undefined,
  failed: Status.FAILED,
  error: Status.BROKEN,
};

/** Titles in the report's "behaviors" view, which sorts the rules by basis. */
const BASIS_WORDS: Readonly<Record<Basis, string>> = {
  doc: "The service's guide (doc)",
  pub: 'Other public documentation (pub)',
  rfc: 'Standards (rfc)',
  ours: 'Chosen by this suite (ours)',
};

/** Labels of allure-cucumberjs that stay: where and on which worker it ran. */
const KEPT_LABELS: ReadonlySet<string> = new Set(['language', 'framework', 'package', 'thread']);

/**
 * Stands between allure-cucumberjs and the results' folder. Gives each result the verdict, names and labels of the
 * scenario that has just ended. Drops a result when no scenario has ended, as after an attempt that is retried.
 */
export class AllureVerdictWriter implements Writer {
  /** The scenario that ends with the message being read. */
  ended: ScenarioResult | undefined;
  readonly #files: Writer;
  readonly #catalogue: RuleCatalogue;

  constructor(files: Writer, catalogue: RuleCatalogue) {
    this.#files = files;
    this.#catalogue = catalogue;
  }

  writeResult(result: TestResult): void {
    const scenario = this.ended;
    if (scenario) this.#files.writeResult(judged(result, scenario, this.#catalogue));
  }

  writeAttachment(fileName: string, content: Buffer): void {
    this.#files.writeAttachment(fileName, content);
  }

  writeAttachmentFromPath(fileName: string, from: string): void {
    this.#files.writeAttachmentFromPath(fileName, from);
  }

  writeRunError(message: string, at: Date): void {
    const result = createTestResult(randomUUID());
    Object.assign(result, {
      name: message.split('\n', 1)[0],
      fullName: message,
      historyId: md5(message),
      testCaseId: md5(message),
      status: Status.BROKEN,
      stage: Stage.FINISHED,
      statusDetails: { message },
      labels: [{ name: LabelName.PARENT_SUITE, value: 'Outside every scenario' }],
      start: at.getTime(),
      stop: at.getTime(),
    });
    this.#files.writeResult(result);
  }

  // Categories and environment are written at the run's start; hooks and globals are in the scenarios' verdicts.
  writeGroup(): void {}
  writeGlobals(): void {}
  writeCategoriesDefinitions(): void {}
  writeEnvironmentInfo(): void {}
}

function judged(result: TestResult, scenario: ScenarioResult, catalogue: RuleCatalogue): TestResult {
  const { verdict, uri, rule, name } = scenario;
  const identity = `${uri}#${scenario.ruleId ?? rule}#${name}`;
  const steps = result.steps.map((step) => plainStep(step, scenario.violated));
  const { status: _status, ...rest } = result;
  const status = STATUSES[verdict];
  return {
    ...rest,
    ...(status === undefined ? {} : { status }),
    name,
    fullName: identity,
    // Allure shows two results with one id as retries of each other.
    historyId: md5(identity),
    testCaseId: md5(identity),
    steps: steps.filter((step) => !isAttachment(step)),
    attachments: [...result.attachments, ...steps.filter(isAttachment).flatMap((step) => step.attachments)],
    statusDetails: detailsOf(scenario, catalogue),
    description: descriptionOf(scenario, catalogue, result.description ?? ''),
    parameters: scenario.example.map(([column, value]) => ({ name: column, value })),
    labels: [
      ...result.labels.filter((label) => KEPT_LABELS.has(label.name)),
      ...labelsOf(scenario, catalogue),
    ],
  };
}

function labelsOf(scenario: ScenarioResult, catalogue: RuleCatalogue): Label[] {
  const { ruleId, feature, rule, tags, knownFailure } = scenario;
  const known = catalogue.get(ruleId ?? '');
  const labels: Label[] = [
    { name: LabelName.PARENT_SUITE, value: ruleId === undefined ? 'No rule' : AREAS[areaOf(ruleId)] },
    { name: LabelName.SUITE, value: feature },
    { name: LabelName.SUB_SUITE, value: known ? `${known.id}: ${known.sentence}` : rule || 'no Rule' },
    ...tags.filter((tag) => !isRuleTag(`@${tag}`)).map((tag) => ({ name: LabelName.TAG, value: tag })),
  ];
  if (knownFailure !== undefined) labels.push({ name: LabelName.TAG, value: 'known failure' });
  if (ruleId !== undefined) labels.push({ name: 'rule', value: ruleId });
  if (known)
    labels.push(
      { name: 'basis', value: known.basis },
      { name: LabelName.EPIC, value: BASIS_WORDS[known.basis] },
      { name: LabelName.FEATURE, value: AREAS[areaOf(known.id)] },
      { name: LabelName.STORY, value: known.id },
    );
  return labels;
}

function detailsOf(scenario: ScenarioResult, catalogue: RuleCatalogue): TestResult['statusDetails'] {
  const { verdict, reason = '', failure, ruleId, knownFailure } = scenario;
  if (verdict === 'passed') return {};
  if (verdict === 'skipped') return { message: reason };
  if (verdict === 'inconclusive') return { message: `inconclusive: ${reason}` };
  const known = verdict === 'failed' ? catalogue.get(ruleId ?? '') : undefined;
  const broken = known ? `${known.id}: ${known.sentence}\n${reason}` : reason;
  const message = knownFailure === undefined ? broken : `known failure: ${knownFailure}\n${broken}`;
  if (failure === undefined) return { message };
  const trace = failure.trace === undefined ? '' : `\n${failure.trace}`;
  return { message, trace: `in: ${failure.step}${trace}` };
}

function descriptionOf(
  { ruleId, uri, line }: ScenarioResult,
  catalogue: RuleCatalogue,
  text: string,
): string {
  const known = catalogue.get(ruleId ?? '');
  const rule = known ? `**${known.id}** (${known.basis}; ${known.source}): ${known.sentence}` : '';
  return [rule, text, `${uri}:${line}`].filter(Boolean).join('\n\n');
}

/**
 * The step with its attachments directly on it, not on steps of their own, and with a status that fits the verdict: at
 * most one step of a scenario is failed, the one that found the rule broken where the scenario is `violated`.
 */
function plainStep(step: StepResult, violated: boolean): StepResult {
  if (isAttachment(step)) return step;
  const children = step.steps.map((child) => plainStep(child, violated));
  const attachments = [
    ...step.attachments,
    ...children.filter(isAttachment).flatMap((child) => child.attachments),
  ];
  const steps = children.filter((child) => !isAttachment(child));
  if (step.status === undefined) return { ...step, steps, attachments, status: Status.BROKEN };
  const failed = step.status === Status.FAILED || step.status === Status.BROKEN;
  if (!failed) return { ...step, steps, attachments };
  return { ...step, steps, attachments, status: violated ? Status.FAILED : Status.BROKEN };
}

/** Whether allure-cucumberjs made this step for an attachment alone. */
function isAttachment(step: StepResult): boolean {
  return (step.steps as StepResult[] | undefined) === undefined;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
