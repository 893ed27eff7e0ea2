import { Formatter, type IFormatterOptions } from '@cucumber/cucumber';
import type { Envelope } from '@cucumber/messages';
import { z } from 'zod';

import { loadRules, PROFILES } from '../harness/rules.ts';
import { knownFailure } from '../harness/target/descriptor.ts';
import { AllureResults } from './allure.ts';
import { ResultCollector } from './results.ts';
import { RunTicker } from './run_ticker.ts';

/** What the command puts under `voiceEdge` in cucumber's `formatOptions`. */
const settingsSchema = z.object({
  resultsDir: z.string(),
  knownFailures: z.array(knownFailure).default([]),
  identity: z.object({
    target: z.string(),
    profile: z.enum(PROFILES),
    suiteVersion: z.string(),
    witnesses: z.enum(['two', 'one']),
    sippVersion: z.string().optional(),
  }),
});
export type FormatterSettings = z.input<typeof settingsSchema>;

/**
 * The one formatter of a run. It writes Allure results as scenarios end, and progress to its output. It judges nothing:
 * the command reads the same messages into a `ResultCollector`.
 */
export default class RunFormatter extends Formatter {
  readonly #collector: ResultCollector;
  readonly #allure: AllureResults;
  #ticker: RunTicker | undefined;

  constructor(options: IFormatterOptions) {
    super(options);
    const { resultsDir, identity, knownFailures } = settingsSchema.parse(
      options.parsedArgvOptions['voiceEdge'],
    );
    this.#collector = new ResultCollector(options.cwd, knownFailures);
    this.#allure = new AllureResults(options, resultsDir, identity, loadRules());
    options.eventBroadcaster.on('envelope', (envelope: Envelope) => this.#receive(envelope));
  }

  override async finished(): Promise<void> {
    this.#ticker?.close();
    for (const error of this.#collector.results().errors) this.#allure.runError(error, new Date());
    await super.finished();
  }

  #receive(envelope: Envelope): void {
    const ended = this.#collector.receive(envelope);
    this.#allure.receive(envelope, ended);
    if (envelope.testCaseStarted) {
      this.#ticker ??= new RunTicker(this.stream, this.#collector.selectedByFeature(), process.env);
      this.#ticker.began(this.#collector.ruleIdOf(envelope.testCaseStarted));
    }
    if (ended) this.#ticker?.ended(ended);
  }
}
