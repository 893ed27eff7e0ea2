import { globSync } from 'node:fs';

import type { Way } from '../../harness/lab/namespace.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { doInLabs } from '../faults/labs.ts';
import { FEATURES } from '../features/files.ts';
import { MUTANT_WORKER, type MutantJob, type MutantReport, type Survey } from './job.ts';
import { KeptSurveys } from './kept_surveys.ts';
import { trialOf, type Reached, type Surveyed } from './plan.ts';

/** What is not run: these scenarios measure the service under load or without means, and take long. */
const NOT_RUN = 'not @flood and not @last';

/** Where the surveys and trials are done. */
export interface Laboratory {
  readonly way: Way;
  /** Labs at a time. */
  readonly labs: number;
  /** The instrumented copy of the reference, and the labs' logs. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (sentence: string) => void;
}

/**
 * Runs the suite once without any mutant, and tells which scenarios reach which mutants. Features are not run again as
 * long as nothing has changed that their scenarios depend on. Rejects with a HarnessError if
 * one of them is not green, and with the signal's reason if it is aborted.
 */
export async function surveyed(laboratory: Laboratory): Promise<Surveyed> {
  const kept = new KeptSurveys(`${laboratory.folder}_survey.json`);
  const features = globSync(FEATURES).toSorted();
  const reports = features.flatMap((feature) => kept.of(feature) ?? []);
  const jobs = features
    .filter((feature) => kept.of(feature) === undefined)
    .map((feature): Survey => ({ kind: 'survey', id: feature, feature, tags: NOT_RUN }));
  const making = inLabs(jobs, laboratory, (report) => {
    reports.push(report);
    if (isGreen(report)) kept.add(report);
    laboratory.say(
      `survey [${reports.length}/${features.length}] ${report.id}, ${report.seconds.toFixed(1)} s`,
    );
  });
  await making.finally(() => kept.save());
  const scenarios = reports.flatMap((report) => report.surveyed);
  const problems = reports.flatMap((report) => report.problems.map((problem) => `${report.id}: ${problem}`));
  const red = scenarios
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ place, name, reason }) => `${place} ${name}: ${reason}`);
  if (problems.length + red.length > 0) {
    throw new HarnessError(
      `without any mutant the suite is not green; mend that first:\n${[...problems, ...red].join('\n')}`,
    );
  }
  return { scenarios, atStart: new Set(reports.flatMap(({ atStart }) => atStart)) };
}

function isGreen({ problems, surveyed: scenarios }: MutantReport): boolean {
  return problems.length === 0 && scenarios.every(({ verdict }) => verdict === 'passed');
}

/** Tries each of these mutants. Rejects with the signal's reason if it is aborted. */
export async function tryEach(
  reached: readonly Reached[],
  laboratory: Laboratory,
  onReport: (one: Reached, report: MutantReport) => void,
): Promise<void> {
  const byId = new Map(reached.map((one) => [one.mutant.id, one]));
  await inLabs(reached.map(trialOf), laboratory, (report) => {
    const one = byId.get(report.id);
    if (one) onReport(one, report);
  });
}

async function inLabs(
  jobs: readonly MutantJob[],
  { way, labs, folder, signal }: Laboratory,
  onReport: (report: MutantReport) => void,
): Promise<void> {
  await doInLabs<MutantReport>(jobs, {
    worker: MUTANT_WORKER,
    way,
    labs,
    folder,
    signal,
    onReport(report) {
      onReport(report);
      return undefined;
    },
  });
  signal.throwIfAborted();
}
