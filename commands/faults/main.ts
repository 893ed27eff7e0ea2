// Checks that the suite finds every fault: runs the reference with one fault at a time, and its rule must turn red.
import { join } from 'node:path';

import { loadFaults, type FoundFault } from '../../faults/catalogue.ts';
import type { Fault } from '../../faults/fault.ts';
import { FAMILIES } from '../../faults/generated/families.ts';
import { EXIT } from '../../harness/exit_code.ts';
import { wayIntoLab } from '../../harness/lab/namespace.ts';
import { Randomness } from '../../harness/randomness.ts';
import { loadRules, type RuleCatalogue } from '../../harness/rules.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { FaultOutcome } from '../../reports/fault_outcome.ts';
import { areFaultsFound, outcomeOf, writeFaultReports } from '../../reports/faults.ts';
import { runCommand, type Running } from '../command.ts';
import { FEATURES } from '../features/files.ts';
import { FAULT_WORKER, type FaultJob, type FaultReport } from './job.ts';
import { doInLabs } from './labs.ts';
import { Ledger } from './ledger.ts';
import { HELP, readOptions, type Options } from './options.ts';
import { changeSinceCommit, concerned, coverage, type Coverage, type CoveredRules } from './plan.ts';
import { sampleOf } from './sample.ts';

/** The id of the job without a fault: what is red there is not red because of a fault. */
const CONTROL = 'no-fault';
/** Scenarios at a time when one fault is run with the whole suite: as many as the suite runs by default. */
const WHOLE_SUITE_PARALLEL = 6;

/** What to run. */
interface Plan {
  readonly scope: string;
  readonly faults: readonly FoundFault[];
  readonly jobs: readonly FaultJob[];
  readonly rulesWithoutFault: readonly string[];
}

/** Throws a HarnessError if a fault's file is wrong, or there is no fault of the id asked for. */
async function planOf(options: Options): Promise<Plan> {
  const all = await loadFaults().catch((error: unknown) => {
    throw new HarnessError(error instanceof Error ? error.message : String(error));
  });
  const catalogue = loadRules();
  const found = await coverage();
  const { rules: covered } = found;
  assertRules(all, catalogue, covered);
  const { fault: id, generated } = options;
  if (generated) return generatedPlan(generated, id, found);
  if (id !== undefined) {
    const either = [...all, ...generatedFaults(Object.keys(FAMILIES))];
    const one = either.filter(({ fault }) => fault.id === id);
    if (one.length === 0)
      throw new HarnessError(
        `no fault "${id}". There are: ${either.map(({ fault }) => fault.id).join(', ')}`,
      );
    const whole = { smoke: [], tags: '', features: [...FEATURES], rules: [], collateral: [] };
    const job = { id, fault: id, ...whole, isAlone: true, parallel: WHOLE_SUITE_PARALLEL };
    return { scope: `the fault ${id}, whole suite`, faults: one, jobs: [job], rulesWithoutFault: [] };
  }
  const faults = chosen(all, options, catalogue, covered);
  const known = new Set(all.map(({ fault }) => fault.rule));
  const control = smokeJob(CONTROL, undefined, found);
  const jobs = faults.map(({ fault }) => smokeJob(fault.id, fault, found));
  return {
    scope: scopeOf(options),
    faults,
    jobs: jobs.length > 0 ? [control, ...jobs] : [],
    rulesWithoutFault: [...catalogue.keys()].filter((rule) => covered.has(rule) && !known.has(rule)),
  };
}

function rulesOf({ fault: { rule, foundBy = [] } }: FoundFault): readonly string[] {
  return [rule, ...foundBy];
}

function generatedFaults(families: readonly string[]): readonly FoundFault[] {
  return Object.entries(FAMILIES).flatMap(([name, { file, faults }]) =>
    families.includes(name) ? faults().map((fault) => ({ fault, file })) : [],
  );
}

/**
 * Each fault is run against the rules that ask for what it leaves out, and nothing else.
 *
 * @param beginning of the ids of the only faults to be run
 */
function generatedPlan(
  families: readonly string[],
  beginning: string | undefined,
  { rules: covered }: Coverage,
): Plan {
  const faults = generatedFaults(families).filter(({ fault: { id } }) => id.startsWith(beginning ?? ''));
  if (faults.length === 0)
    throw new HarnessError(
      `no generated fault of ${families.join(', ')} has an id that begins with "${beginning}"`,
    );
  const jobOf = (id: string, rules: readonly string[], fault?: string): FaultJob => ({
    id,
    fault,
    smoke: [],
    tags: rules.map((rule) => `@${rule}`).join(' or '),
    features: [...new Set(rules.flatMap((rule) => [...(covered.get(rule)?.features ?? [])]))],
    // Without a fault all has to be green.
    rules: fault === undefined ? [] : [...rules],
    collateral: [],
    isAlone: fault === undefined,
    parallel: 0,
  });
  const control = jobOf(CONTROL, [...new Set(faults.flatMap(rulesOf))]);
  const jobs = faults.map((found) => jobOf(found.fault.id, rulesOf(found), found.fault.id));
  return {
    scope: `the generated faults: ${families.join(', ')}`,
    faults,
    jobs: [control, ...jobs],
    rulesWithoutFault: [],
  };
}

/** The faults that the options leave. Throws a HarnessError where a rule has none. */
function chosen(
  all: readonly FoundFault[],
  { changed, sample, rule }: Options,
  catalogue: RuleCatalogue,
  covered: CoveredRules,
): readonly FoundFault[] {
  if (changed) return concerned(all, changeSinceCommit(catalogue), covered);
  if (sample !== undefined) return sampleOf(all, new Randomness(sample));
  return ofRule(all, rule);
}

/** The faults of this rule and of the rules below it; all without one. Throws a HarnessError where there is none. */
function ofRule(all: readonly FoundFault[], rule: string | undefined): readonly FoundFault[] {
  if (rule === undefined) return all;
  const found = all.filter(({ fault }) => `${fault.rule}.`.startsWith(`${rule}.`));
  if (found.length > 0) return found;
  const rules = [...new Set(all.map(({ fault }) => fault.rule))];
  throw new HarnessError(`no fault of a rule "${rule}". There are faults of ${rules.join(', ')}`);
}

function scopeOf({ rule, changed, sample }: Options): string {
  if (rule !== undefined) return `the faults of ${rule}`;
  if (sample !== undefined) return `a quarter of each rule's faults, --sample --seed ${sample}`;
  return changed ? 'the faults that the change concerns' : 'all faults';
}

/** A job for the smoke set and, with a fault, for the scenarios of its rule. */
function smokeJob(id: string, fault: Fault | undefined, { rules, smokeFeatures }: Coverage): FaultJob {
  const covered = fault && rules.get(fault.rule);
  return {
    id,
    fault: fault?.id,
    smoke: [...smokeFeatures],
    tags: fault === undefined ? '' : `@${fault.rule}`,
    features: [...(covered?.features ?? [])],
    rules: fault === undefined ? [] : [fault.rule, ...(fault.foundBy ?? [])],
    collateral: Object.keys(fault?.collateral ?? {}),
    isAlone: fault === undefined || covered?.isHeavy === true,
    parallel: 0,
  };
}

/** Throws a HarnessError if a fault names a rule that does not exist, or breaks one without scenarios. */
function assertRules(faults: readonly FoundFault[], catalogue: RuleCatalogue, covered: CoveredRules): void {
  const problems = faults.flatMap(({ fault, file }) => {
    const unknown = [fault.rule, ...Object.keys(fault.collateral ?? {})].filter(
      (rule) => !catalogue.has(rule),
    );
    if (unknown.length > 0) return [`${file}: no such rule in features/rules.yaml: ${unknown.join(', ')}`];
    if (!covered.has(fault.rule)) return [`${file}: no scenario speaks of ${fault.rule}`];
    return [];
  });
  if (problems.length > 0) throw new HarnessError(problems.join('\n'));
}

function outcomeFor({ fault, file }: FoundFault, report: FaultReport, isWholeSuite: boolean): FaultOutcome {
  const { id, rule, foundBy = [], sentence, collateral = {} } = fault;
  return outcomeOf({ id, rule, foundBy, sentence, collateral, file }, { ...report, isWholeSuite });
}

/** What is printed when a fault is done. */
function progressLine(outcome: FaultOutcome, done: number, of: number): string {
  const { id, rule, fate, why, unexplained, green, seconds } = outcome;
  const lines = [`[${done}/${of}] ${fate} ${id} (${rule}), ${seconds.toFixed(1)} s`];
  if (why !== '') lines.push(why);
  for (const red of unexplained)
    lines.push(`turned ${red.rule} red too, and its file does not say so: ${red.reason}`);
  if (green.length > 0)
    lines.push(`its file says that these turn red, and they did not: ${green.join(', ')}`);
  return lines.join('\n').replaceAll('\n', '\n  ');
}

async function run(options: Options, { say, interruption }: Running): Promise<number> {
  const signal = interruption();
  const plan = await planOf(options);
  if (options.sample !== undefined) say(`${plan.faults.length} faults: ${plan.scope}`);
  const found = wayIntoLab();
  if ('reason' in found) throw new HarnessError(`faults are run in labs, and ${found.reason}`);
  const started = performance.now();
  const isWholeSuite = options.fault !== undefined && options.generated === undefined;
  const ledger = new Ledger({
    ...plan,
    triesAgain: !isWholeSuite,
    outcomeOf: (fault, report) => outcomeFor(fault, report, isWholeSuite),
    tell: (outcome, done) => say(progressLine(outcome, done, plan.faults.length)),
  });
  let controlFault: unknown;
  const ending = new AbortController();
  const doAll = (jobs: readonly FaultJob[], labs: number): Promise<void> =>
    doInLabs(jobs, {
      worker: FAULT_WORKER,
      way: found.way,
      labs,
      folder: join(options.out, 'faults'),
      signal: AbortSignal.any([signal, ending.signal]),
      onReport(report) {
        try {
          return ledger.enter(report);
        } catch (error) {
          controlFault = error;
          ending.abort();
          return undefined;
        }
      },
    });
  await doAll(plan.jobs, options.labs);
  await doAll(ledger.late, 1);
  if (controlFault !== undefined) throw controlFault;
  if (signal.aborted) return EXIT.interrupted;
  const { scope, faults, rulesWithoutFault } = plan;
  const results = {
    scope,
    faults: faults.flatMap(({ fault }) => ledger.outcomes.get(fault.id) ?? []),
    rulesWithoutFault,
    seconds: (performance.now() - started) / 1000,
  };
  const { json, page } = writeFaultReports(results, options.out);
  const killed = results.faults.filter(({ fate }) => fate === 'killed').length;
  if (ledger.again.size > 0) say(`tried again in a process of their own: ${[...ledger.again].join(', ')}`);
  if (rulesWithoutFault.length > 0) say(`rules without a fault: ${rulesWithoutFault.join(', ')}`);
  process.stdout.write(
    `faults: ${killed} of ${results.faults.length} killed, ${results.seconds.toFixed(0)} s; ${page}, ${json}\n`,
  );
  return areFaultsFound(results) ? EXIT.fine : EXIT.notSo;
}

await runCommand({
  name: 'faults',
  help: HELP,
  exits: {
    fine: 'every fault was found',
    notSo: 'a fault survived, broke more than its file says, or is missing for a rule',
  },
  readOptions,
  run,
});
