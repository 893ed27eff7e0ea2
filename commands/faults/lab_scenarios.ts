import { Writable } from 'node:stream';

import {
  loadConfiguration,
  runCucumber,
  type IRunConfiguration,
  type ISupportCodeCoordinatesOrLibrary,
} from '@cucumber/cucumber/api';
import type { Envelope } from '@cucumber/messages';

import type { RunFacts } from '../../harness/run/facts.ts';
import { FEATURES, STEPS } from '../features/files.ts';

/** Which scenarios to run, and how. */
export interface Selection {
  /** Features, or single scenarios of them as `file:line`; no others are read. */
  readonly features: readonly string[];
  /** Cucumber's tag expression; empty for all of them. */
  readonly tags: string;
  /** Scenarios at a time; 0: one after the other, in this thread. */
  readonly parallel: number;
  /** Whether the first that goes wrong is the last to begin. */
  readonly failFast?: boolean;
  /** A plugin of cucumber's that puts them in order, with what it is given. */
  readonly order?: { readonly specifier: string; readonly options: object };
}

/** Runs scenarios again and again in one process, which reads the steps once. Nothing is printed. */
export class LabScenarios {
  readonly #configuration: IRunConfiguration;
  #support: ISupportCodeCoordinatesOrLibrary;

  private constructor(configuration: IRunConfiguration) {
    this.#configuration = configuration;
    this.#support = configuration.support;
  }

  static async load(): Promise<LabScenarios> {
    const { runConfiguration } = await loadConfiguration({
      file: false,
      provided: {
        paths: FEATURES,
        import: STEPS,
        // The quietest formatter; its output is discarded.
        format: ['rerun'],
      },
    });
    return new LabScenarios(runConfiguration);
  }

  /** Runs the scenarios of the selection against the target of `facts`. */
  async run(
    { features, tags, parallel, failFast = false, order }: Selection,
    facts: RunFacts,
    onMessage: (envelope: Envelope) => void,
  ): Promise<void> {
    const { sources, runtime, formats } = this.#configuration;
    const unheard = new Writable({ write: (_chunk, _encoding, done) => done() });
    const { support } = await runCucumber(
      {
        sources: { ...sources, paths: [...features], tagExpression: tags },
        support: this.#support,
        formats,
        runtime: {
          ...runtime,
          parallel,
          failFast,
          // Plain data by contract: it crosses into worker threads.
          worldParameters: JSON.parse(JSON.stringify(facts)),
        },
        ...(order && {
          plugins: { specifiers: [order.specifier], options: JSON.parse(JSON.stringify(order.options)) },
        }),
      },
      { stdout: unheard, stderr: process.stderr },
      onMessage,
    );
    this.#support = support;
  }
}
