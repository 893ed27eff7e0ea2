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
  equivalences,
  type DecisionFile,
} from '../../mutants/lists.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { areMutantsFound, scoreOf, type MutantOutcome } from '../../reports/mutant_outcome.ts';
import { writeMutantReports } from '../../reports/mutants.ts';
import { runCommand, type Running } from '../command.ts';
import { changeSinceCommit } from '../faults/plan.ts';
import { surveyed, tryEach, type Laboratory } from './laboratory.ts';
import { Ledger } from './ledger.ts';
import { HELP, readOptions, type Options } from './options.ts';
import { outcomeOf, progressLine, untried } from './outcome.ts';
import { chosenFiles, isAsked, reachedBy, type Grounds } from './plan.ts';

/** Inside the repository, as the instrumented copy of the reference needs its packages. */
const FOLDER = 'reports/out/mutants';

/** Tries these mutants, and enters what comes of it. */
async function tryAll(
  wanted: readonly Mutant[],
  { ledger, laboratory, ...known }: Omit<Grounds, 'found'> & { ledger: Ledger; laboratory: Laboratory },
): Promise<void> {
  const found = await surveyed(laboratory);
  const reached = wanted.map((mutant) => reachedBy(mutant, { ...known, found }));
  // Those with a process of their own last, as each leaves a reference that the next cannot use.
  const trials = reached
    .filter(({ scenarios }) => scenarios.length > 0)
    .toSorted((a, b) => Number(a.isAlone) - Number(b.isAlone));
  for (const one of reached) if (!trials.includes(one)) ledger.enter(untried(one.mutant, 'unreached'));
  let count = 0;
  await tryEach(trials, laboratory, (one, report) => {
    const outcome = outcomeOf(one, report);
    ledger.enter(outcome);
    count += 1;
    laboratory.say(`[${count}/${trials.length}] ${progressLine(outcome, report.seconds)}`);
  });
}

function summary(mutants: readonly MutantOutcome[]): string {
  const counts = [...Map.groupBy(mutants, ({ status }) => status)].map(
    ([status, of]) => `${of.length} ${status}`,
  );
  return `${counts.join(', ')}; score ${scoreOf(mutants).toFixed(1)} %`;
}

/** Tries what the options ask for of the mutants in these files. */
async function run(options: Options, { say, interruption }: Running): Promise<number> {
  const signal = interruption();
  const started = performance.now();
  const files = decisionFiles();
  const chosen = chosenFiles(files, options, () => changeSinceCommit(loadRules()).files);
  if (chosen.length === 0) {
    say('no decision code has changed since the last commit');
    return EXIT.nothingSelected;
  }
  const lab = wayIntoLab();
  if ('reason' in lab) throw new HarnessError(`mutants are run in labs, and ${lab.reason}`);
  const { ledger, all, asked } = await account(files, chosen, options);
  const laboratory = { way: lab.way, labs: options.labs, folder: FOLDER, signal, say };
  try {
    await tryAll(ledger.toBeTried(asked, options), { files, all, ledger, laboratory });
  } finally {
    // What an interrupted run has found need not be found again.
    const results = ledger.results();
    const { json, page } = writeMutantReports(results, options.out);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(
      `mutants: ${summary(ledger.outcomes(asked))}, ${seconds} s\n` +
        `with earlier runs: ${summary(results.mutants)}, ${results.untried} not tried yet; ${page}, ${json}\n`,
    );
  }
  return areMutantsFound(ledger.outcomes(asked)) ? EXIT.fine : EXIT.notSo;
}

/** All mutants, those that are asked for, and what is known of them. */
async function account(
  files: readonly DecisionFile[],
  chosen: readonly DecisionFile[],
  { mutant, out }: Options,
) {
  const all = await instrumentReference(
    files.map(({ file }) => file),
    FOLDER,
  );
  const marks = equivalences();
  assertEquivalencesFit(marks, all);
  const names = new Set(chosen.map(({ file }) => file));
  const asked = all.filter(({ id, file }) => names.has(file) && isAsked(id, mutant));
  if (asked.length === 0) throw new HarnessError(`no mutant has an id that begins with ${mutant}`);
  return { all, asked, ledger: new Ledger({ all, marks, folder: out }) };
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
