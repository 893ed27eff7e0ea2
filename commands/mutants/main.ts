// Changes the reference's decision code in one small place at a time, and runs the scenarios that reach that place: one
// of them must fail.
import { EXIT } from '../../harness/exit_code.ts';
import { wayIntoLab } from '../../harness/lab/namespace.ts';
import { loadRules } from '../../harness/rules.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { instrumentReference } from '../../mutants/instrument.ts';
import {
  assertEquivalencesFit,
  decisionFiles,
  equivalenceOf,
  equivalences,
  type DecisionFile,
} from '../../mutants/lists.ts';
import type { MutantOutcome } from '../../reports/mutant_outcome.ts';
import { areMutantsFound, scoreOf, writeMutantReports } from '../../reports/mutants.ts';
import { runCommand, type Running } from '../command.ts';
import { changeSinceCommit } from '../faults/plan.ts';
import { surveyed, tryEach, type Laboratory } from './laboratory.ts';
import { HELP, readOptions, type Options } from './options.ts';
import { outcomeOf, progressLine, untried } from './outcome.ts';
import { chosenFiles, isAsked, reachedBy } from './plan.ts';

/** Inside the repository, as the instrumented copy of the reference needs its packages. */
const FOLDER = 'reports/out/mutants';

function scopeOf({ file, mutant, changed }: Options): string {
  if (changed) return 'files that changed since the last commit';
  if (mutant !== undefined) return mutant;
  return file.length > 0 ? file.join(', ') : 'all decision code';
}

/** The outcomes of all mutants that are asked for, in the order of the code. */
async function outcomes(
  files: readonly DecisionFile[],
  { mutant: asked }: Options,
  laboratory: Laboratory,
): Promise<readonly MutantOutcome[]> {
  const all = await instrumentReference(
    files.map(({ file }) => file),
    laboratory.folder,
  );
  const marks = equivalences();
  assertEquivalencesFit(marks, all);
  const wanted = all.filter(({ id }) => isAsked(id, asked));
  if (wanted.length === 0) throw new HarnessError(`no mutant has an id that begins with ${asked}`);
  const found = await surveyed(laboratory);
  const done = new Map<string, MutantOutcome>();
  const trials = wanted.flatMap((mutant) => {
    // One that is asked for by its id is tried, whatever its mark says.
    const mark = asked === undefined ? equivalenceOf(mutant, marks) : undefined;
    const reached = reachedBy(mutant, { files, all, found });
    if (mark === undefined && reached.scenarios.length > 0) return [reached];
    done.set(
      mutant.id,
      mark === undefined ? untried(mutant, 'unreached') : untried(mutant, 'equivalent', mark),
    );
    return [];
  });
  let count = 0;
  await tryEach(trials, laboratory, (reached, report) => {
    const outcome = outcomeOf(reached, report);
    done.set(outcome.id, outcome);
    count += 1;
    laboratory.say(`[${count}/${trials.length}] ${progressLine(outcome, report.seconds)}`);
  });
  return wanted.flatMap(({ id }) => done.get(id) ?? []);
}

async function run(options: Options, { say, interruption }: Running): Promise<number> {
  const signal = interruption();
  const started = performance.now();
  const files = chosenFiles(decisionFiles(), options, () => changeSinceCommit(loadRules()).files);
  if (files.length === 0) {
    say('no decision code has changed since the last commit');
    return EXIT.nothingSelected;
  }
  const found = wayIntoLab();
  if ('reason' in found) throw new HarnessError(`mutants are run in labs, and ${found.reason}`);
  const laboratory = { way: found.way, labs: options.labs, folder: FOLDER, signal, say };
  const mutants = await outcomes(files, options, laboratory);
  const results = { scope: scopeOf(options), mutants, seconds: (performance.now() - started) / 1000 };
  const { json, page } = writeMutantReports(results, options.out);
  const counts = [...Map.groupBy(mutants, ({ status }) => status)].map(
    ([status, of]) => `${of.length} ${status}`,
  );
  process.stdout.write(
    `mutants: ${counts.join(', ')}; score ${scoreOf(mutants).toFixed(1)} %, ${results.seconds.toFixed(0)} s; ${page}, ${json}\n`,
  );
  return areMutantsFound(results) ? EXIT.fine : EXIT.notSo;
}

await runCommand({
  name: 'mutants',
  help: HELP,
  exits: {
    fine: 'every mutant was found, or is marked as equivalent',
    notSo: 'a mutant survived, was not reached, or could not be tried',
    nothingSelected: 'no decision code has changed',
  },
  readOptions,
  run,
});
