import { EventEmitter } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Formatter, IFormatterOptions } from '@cucumber/cucumber';
import {
  AttachmentContentEncoding,
  type Attachment,
  type Envelope,
  type GherkinDocument,
  type TestStepFinished,
} from '@cucumber/messages';
import AllureCucumberReporter from 'allure-cucumberjs/reporter';

import type { RuleCatalogue } from '../harness/rules.ts';
import { HarnessError } from '../harness/verdict.ts';
import { AllureFiles } from './allure_files.ts';
import { UNCOVERED_SUITE } from './allure_uncovered.ts';
import { AllureVerdictWriter } from './allure_writer.ts';
import { writeAtomically } from './atomic_file.ts';
import { isData } from './attached_data.ts';
import type { RunMetadata } from './conformance.ts';
import { failureOf } from './failure.ts';
import { presentableIn, withoutSecrets } from './redaction.ts';
import type { ScenarioResult } from './results.ts';

/** What is known about a run before it starts. */
export type RunIdentity = Pick<RunMetadata, 'target' | 'profile' | 'suiteVersion' | 'witnesses'> & {
  /** As SIPp prints it; undefined where there is none. */
  readonly sippVersion?: string | undefined;
};

/**
 * The report sorts categories by name, so these names put the unexpected first. A result is in every category it
 * matches; these exclude one another.
 */
const CATEGORIES = [
  { name: 'Broken rule', matchedStatuses: ['failed'], messageRegex: '(?!known failure).*' },
  { name: 'Failure that no longer occurs', matchedStatuses: ['failed'], messageRegex: 'known failure .*' },
  { name: 'Harness error', matchedStatuses: ['broken'] },
  { name: 'Inconclusive', matchedStatuses: ['unknown'], messageRegex: 'inconclusive: .*' },
  { name: 'Known failure', matchedStatuses: ['failed'], messageRegex: 'known failure: .*' },
  { name: UNCOVERED_SUITE, matchedStatuses: ['unknown'], messageRegex: '(?!inconclusive: ).*' },
  { name: 'Skipped', matchedStatuses: ['skipped'] },
];

type ReporterClass = new (options: IFormatterOptions) => Formatter;

/** Read as CommonJS, the reporter's typings have the class one `default` deeper than it is. */
const Reporter = reporterClass(AllureCucumberReporter);

function reporterClass(exported: unknown): ReporterClass {
  if (!isClass(exported)) throw new HarnessError('allure-cucumberjs/reporter exports no class');
  return exported;
}

function isClass(exported: unknown): exported is ReporterClass {
  return typeof exported === 'function';
}

/**
 * Writes Allure results as scenarios end, so that an interrupt loses only those in flight.
 *
 * allure-cucumberjs lacks two of the verdicts and reports failed hooks and missing steps as passes. Here it only builds
 * the tree of steps and attachments: it gets its messages from this object, and what it writes goes through
 * `AllureVerdictWriter`, which knows the verdict.
 */
export class AllureResults extends Reporter {
  readonly #messages: EventEmitter;
  readonly #writer: AllureVerdictWriter;
  readonly #clean: (text: string) => string;
  readonly #hookSteps = new Set<string>();

  /**
   * Empties the results' folder.
   *
   * @param options what cucumber gave the formatter
   */
  constructor(
    options: IFormatterOptions,
    resultsDir: string,
    identity: RunIdentity,
    catalogue: RuleCatalogue,
  ) {
    rmSync(resultsDir, { recursive: true, force: true });
    const files = new AllureFiles(resultsDir);
    writeAtomically(join(resultsDir, 'categories.json'), JSON.stringify(CATEGORIES));
    files.writeEnvironmentInfo({
      target: identity.target,
      profile: identity.profile,
      suite: identity.suiteVersion,
      witnesses: identity.witnesses,
      node: process.version,
      sipp: identity.sippVersion ?? 'none',
    });
    const messages = new EventEmitter();
    const writer = new AllureVerdictWriter(files, catalogue);
    super({
      ...options,
      eventBroadcaster: messages,
      parsedArgvOptions: { resultsDir, writer },
      // It must not wrap the run's hooks: their failures are in the collector's errors.
      supportCodeLibrary: {
        ...options.supportCodeLibrary,
        beforeTestRunHookDefinitions: [],
        afterTestRunHookDefinitions: [],
      },
    });
    this.#messages = messages;
    this.#writer = writer;
    this.#clean = presentableIn(options.cwd);
  }

  /**
   * Takes the next message.
   *
   * @param ended the result of the scenario that this message ends
   */
  receive(envelope: Envelope, ended: ScenarioResult | undefined): void {
    this.#writer.ended = ended;
    for (const step of envelope.testCase?.testSteps ?? [])
      if (step.hookId !== undefined) this.#hookSteps.add(step.id);
    const shown = this.#shown(envelope);
    if (shown) this.#messages.emit('envelope', shown);
  }

  /** An error outside every scenario, shown as a broken test. */
  runError(message: string, at: Date): void {
    this.#writer.writeRunError(message, at);
  }

  /**
   * The message as allure-cucumberjs shall see it; undefined for one it shall not see. Hooks are left out: what they
   * attach belongs to the scenario, and what they throw is in its verdict.
   */
  #shown(envelope: Envelope): Envelope | undefined {
    const stepId = envelope.testStepStarted?.testStepId ?? envelope.testStepFinished?.testStepId;
    if (stepId !== undefined && this.#hookSteps.has(stepId)) return undefined;
    if (envelope.attachment) {
      if (isData(envelope.attachment)) return undefined;
      return { attachment: presentable(envelope.attachment) };
    }
    if (envelope.testStepFinished)
      return { testStepFinished: this.#presentableStep(envelope.testStepFinished) };
    if (envelope.gherkinDocument) return { gherkinDocument: withoutExamples(envelope.gherkinDocument) };
    return envelope;
  }

  #presentableStep(finished: TestStepFinished): TestStepFinished {
    const { testStepResult } = finished;
    if (testStepResult.exception === undefined) return finished;
    const { message, trace } = failureOf(testStepResult, '', this.#clean);
    const exception = { type: testStepResult.exception.type, message, stackTrace: trace ?? '' };
    return { ...finished, testStepResult: { ...testStepResult, message, exception } };
  }
}

/** File names for attachments that have none, by media type. */
const FILE_NAMES: Readonly<Record<string, string>> = {
  'text/x.cucumber.log+plain': 'log.txt',
  'text/uri-list': 'links.txt',
  'text/plain': 'text.txt',
  'application/json': 'data.json',
  'application/xml': 'data.xml',
  'application/vnd.tcpdump.pcap': 'capture.pcap',
  'image/svg+xml': 'drawing.svg',
  'image/png': 'picture.png',
};

const TEXTUAL = /^(text\/|application\/(json|xml)|.*\+(json|xml)$)/;

/** The attachment with a file name, a media type the report can show, and its text without secrets. */
function presentable(attachment: Attachment): Attachment {
  const { mediaType } = attachment;
  const fileName = attachment.fileName ?? FILE_NAMES[mediaType] ?? 'attachment.bin';
  const named = {
    ...attachment,
    fileName,
    mediaType: /^text\/x[.-]/.test(mediaType) ? 'text/plain' : mediaType,
  };
  if (!TEXTUAL.test(mediaType)) return named;
  if (attachment.contentEncoding === AttachmentContentEncoding.IDENTITY)
    return { ...named, body: withoutSecrets(attachment.body) };
  const text = Buffer.from(attachment.body, 'base64').toString('utf8');
  return { ...named, body: Buffer.from(withoutSecrets(text)).toString('base64') };
}

/** The document without example tables; otherwise each row's result would have the whole table attached. */
function withoutExamples(document: GherkinDocument): GherkinDocument {
  const { feature } = document;
  if (!feature) return document;
  const children = feature.children.map((child) =>
    child.rule
      ? { ...child, rule: { ...child.rule, children: child.rule.children.map(withoutTable) } }
      : withoutTable(child),
  );
  return { ...document, feature: { ...feature, children } };
}

function withoutTable<C extends { scenario?: { examples: readonly unknown[] } }>(child: C): C {
  return child.scenario ? { ...child, scenario: { ...child.scenario, examples: [] } } : child;
}
