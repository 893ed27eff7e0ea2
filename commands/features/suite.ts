import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

import { loadConfiguration, loadSources, runCucumber, type IRunConfiguration } from '@cucumber/cucumber/api';

import { EXIT } from '../../harness/exit_code.ts';
import { isRuleTag, loadRules, PROFILES, rulesOf } from '../../harness/rules.ts';
import type { RunEnd } from '../../harness/run/facts.ts';
import { preflight } from '../../harness/run/preflight.ts';
import { Session } from '../../harness/run/session.ts';
import type { TargetDescriptor } from '../../harness/target/descriptor.ts';
import { mistakeInFile } from '../../harness/target/load.ts';
import { DescriptorMistake } from '../../harness/target/mistake.ts';
import type { ChosenPlace } from '../../harness/target/place.ts';
import { HarnessError, type Withheld } from '../../harness/verdict.ts';
import packageJson from '../../package.json' with { type: 'json' };
import {
  allureResultsDir,
  FORMATTER,
  printSummary,
  printVerdict,
  ResultCollector,
  writeReports,
} from '../../reports/index.ts';
import type { Running } from '../command.ts';
import { FEATURES, STEPS } from './files.ts';
import type { Options } from './options.ts';

const ORDER = new URL('./scenario_order.ts', import.meta.url).href;
/** Tags of scenarios that may keep a target from answering anybody else: they judge that themselves. */
const HEAVY = ['flood', 'alone'];
/** How long running scenarios may go on after an interrupt. */
const INTERRUPT_GRACE_MS = 2_000;
/** How soon the end of a target that ended at a request is known. */
const END_NOTICED_MS = 500;
const INTERRUPTION: RunEnd = { kind: 'interrupted', sentence: 'the run was interrupted' };

/** What to run, and where. */
export interface Job {
  readonly options: Options;
  readonly target: TargetDescriptor;
  readonly place: ChosenPlace;
  readonly running: Running;
}

function tagExpression({ profile, tags }: Options): string {
  const ofProfile = rulesOf(profile, loadRules())
    .map(({ id }) => `@${id}`)
    .join(' or ');
  return tags === undefined ? ofProfile : `(${tags}) and (${ofProfile})`;
}

function witnessesIn(place: ChosenPlace): 'two' | 'one' {
  return place.name === 'lab' ? 'two' : 'one';
}

async function configuration({ options, target, place }: Job): Promise<IRunConfiguration> {
  const identity = {
    target: target.name,
    profile: options.profile,
    suiteVersion: packageJson.version,
    witnesses: witnessesIn(place),
  };
  const { knownFailures } = target;
  const { runConfiguration } = await loadConfiguration({
    file: false,
    provided: {
      paths: FEATURES,
      import: STEPS,
      parallel: options.parallel,
      tags: tagExpression(options),
      plugin: [ORDER],
      pluginOptions: { scenarioOrder: { seed: options.seed } },
      format: [[FORMATTER]],
      formatOptions: { voiceEdge: { resultsDir: allureResultsDir(options.out), knownFailures, identity } },
    },
  });
  return runConfiguration;
}

/** Rejects with a HarnessError if the user's own tag expression, without the profile's, does not parse. */
async function assertTagExpression({ sources }: IRunConfiguration, tags: string): Promise<void> {
  await loadSources({ ...sources, tagExpression: tags }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message.split('because of ').at(-1) : String(cause);
    throw new HarnessError(
      `--tags "${tags}" is no tag expression: ${reason} Join tags with and, or, not and brackets: ` +
        '"@sip.challenge or (@app.envelope and not @sip.hops)"',
    );
  });
}

async function nothingSelected(run: IRunConfiguration, options: Options): Promise<string | undefined> {
  const { profile, tags } = options;
  if (tags !== undefined) await assertTagExpression(run, tags);
  const { plan, errors } = await loadSources(run.sources);
  if (plan.length > 0 || errors.length > 0) return undefined;
  if (tags === undefined)
    return `no scenario fits the profile ${profile} yet. Profiles: ${PROFILES.join(', ')}.`;
  return `no scenario fits the profile ${profile} and the tags "${tags}". ${tagHint(tags)}`;
}

function tagHint(tags: string): string {
  const catalogue = loadRules();
  const rules = tags.split(/[\s()]+/).filter(isRuleTag);
  const unknown = rules.filter((tag) => !catalogue.has(tag.slice(1)));
  if (unknown.length > 0) return `${unknown.join(', ')}: no such rule in features/rules.yaml.`;
  if (rules.length > 0) return 'The rule is not in that profile, or no feature covers it yet.';
  return 'A tag is @ and the id of a rule in features/rules.yaml, such as @sip.challenge.';
}

/**
 * Runs the scenarios until all are done, the user interrupts, or something that they need dies. Resolves with the
 * reason for an early end, undefined if there was none.
 */
async function runScenarios(
  { options, target, place, running: { say } }: Job,
  run: IRunConfiguration,
  collector: ResultCollector,
  signal: AbortSignal,
): Promise<RunEnd | undefined> {
  const { out: folder, seed, row } = options;
  const start = { descriptor: target, placeName: place.name, seed, row, folder, onProgress: say, signal };
  const session = await Session.start(start).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (!session) return INTERRUPTION;
  try {
    say('calling once, before the scenarios');
    const known = await Promise.race([beforehand(session), aborted(signal)]);
    if (known === undefined) return INTERRUPTION;
    for (const sentence of known) say(sentence);
    say(`seed ${seed}`);
    // Plain data by contract: it crosses into worker threads.
    run.runtime.worldParameters = JSON.parse(JSON.stringify(session.facts));
    const running = runCucumber(
      run,
      { stderr: process.stderr },
      (envelope) => void collector.receive(envelope),
    );
    await session.watch(() => HEAVY.some((tag) => collector.isRunning(tag)));
    const end = await Promise.race([running.then(() => undefined), session.ended, aborted(signal)]);
    if (signal.aborted) {
      session.finish(INTERRUPTION);
      say('interrupted; stopping what runs and writing the reports');
      await Promise.race([running, delay(INTERRUPT_GRACE_MS)]);
    } else if (end) {
      say(end.sentence);
      say('stopping what runs and writing the reports');
      await Promise.race([running, delay(target.timeouts.answer.ms / 2)]);
    }
  } finally {
    await stop(session, say);
  }
  return session.earlyEnd;
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** The preflight. A target that ends meanwhile is to blame itself. */
async function beforehand(session: Session): Promise<readonly string[]> {
  try {
    return await preflight(session.facts);
  } catch (error) {
    const end = await Promise.race([session.ended, delay(END_NOTICED_MS)]);
    if (end) throw new HarnessError(`${end.sentence}\n${end.details ?? ''}`.trim(), { cause: error });
    throw error;
  }
}

/** Says what could not be stopped, and does not throw: the verdicts so far stand and deserve their report. */
async function stop(session: Session, say: Running['say']): Promise<void> {
  try {
    for (const doubt of await session.stop()) say(doubt);
  } catch (error) {
    say(error instanceof HarnessError ? error.message : inspect(error));
  }
}

async function judge(job: Job, run: IRunConfiguration): Promise<number> {
  const { options, target, place, running } = job;
  removeFormerVerdict(options.out);
  const startedAt = new Date();
  const started = performance.now();
  const collector = new ResultCollector(process.cwd(), target.knownFailures);
  const end = await runScenarios(job, run, collector, running.interruption()).catch((error: unknown) => {
    if (error instanceof DescriptorMistake) throw new HarnessError(mistakeInFile(error, options.target));
    throw error;
  });
  const interrupted = end?.kind === 'interrupted';
  const cut: Withheld | undefined =
    end && !interrupted ? { verdict: 'inconclusive', reason: end.sentence } : undefined;
  const { errors, ...results } = collector.results(cut);
  const death = end && !interrupted ? [`${end.sentence}\n${end.details ?? ''}`] : [];
  const written = await writeReports({
    results: { ...results, errors: [...errors, ...death] },
    catalogue: loadRules(),
    metadata: {
      target: target.name,
      profile: options.profile,
      suiteVersion: packageJson.version,
      witnesses: witnessesIn(place),
      seed: options.seed,
      startedAt,
      durationMs: performance.now() - started,
      interrupted,
    },
    outDir: options.out,
    brief: options.brief,
  });
  if (options.brief && written.exitCode === EXIT.fine)
    printVerdict(written.model, process.stdout, process.env);
  else printSummary(written.model, collector.results(cut), written, process.stdout, process.env);
  return interrupted ? EXIT.interrupted : written.exitCode;
}

/** A run without a verdict must not leave the verdict of an earlier run behind. */
function removeFormerVerdict(folder: string): void {
  for (const name of ['conformance.json', 'junit.xml']) {
    if (existsSync(join(folder, name))) rmSync(join(folder, name));
  }
}

/**
 * Judges the target from this process: runs what is selected, writes the reports, and resolves with the exit code.
 * Rejects with a HarnessError if nothing can be run.
 */
export async function judgeTarget(job: Job): Promise<number> {
  const run = await configuration(job);
  const nothing = await nothingSelected(run, job.options);
  if (nothing === undefined) return judge(job, run);
  job.running.say(nothing);
  return EXIT.nothingSelected;
}
