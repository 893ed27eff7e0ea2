// The main command: runs the documented rules, as features, against a target, and writes the reports.
import { globSync } from 'node:fs';

import { rerunHere, rerunInLab } from '../../harness/lab/namespace.ts';
import { loadRules } from '../../harness/rules.ts';
import type { TargetDescriptor } from '../../harness/target/descriptor.ts';
import { loadTarget, type DescriptorProblem } from '../../harness/target/load.ts';
import { choosePlace } from '../../harness/target/place.ts';
import { knownFailureProblems, scenariosIn } from '../../reports/index.ts';
import { runCommand, type Running } from '../command.ts';
import { FEATURES } from './files.ts';
import { HELP, readOptions, type Options } from './options.ts';
import { repeatRun } from './repeat.ts';

/** Known failures that no scenario can match, whichever are selected. */
function descriptorProblems({ knownFailures }: TargetDescriptor): readonly DescriptorProblem[] {
  if (knownFailures.length === 0) return [];
  const scenarios = scenariosIn(globSync(FEATURES));
  // The run itself reports a feature that does not parse.
  return scenarios ? knownFailureProblems(knownFailures, loadRules(), scenarios) : [];
}

async function run(options: Options, running: Running): Promise<number> {
  const target = loadTarget(options.target, 'targets', descriptorProblems);
  const place = choosePlace(target, options.place);
  const { way } = place;
  const rerun = (words: readonly string[]): Promise<number> =>
    way ? rerunInLab(way, import.meta.filename, words) : rerunHere(import.meta.filename, words);
  if (options.repeat > 1) return repeatRun(options, running, rerun);
  if (way) return rerun(running.argv);
  if (place.insteadOfLab !== undefined) {
    running.say(
      `going on over loopback, as ${place.insteadOfLab}. Rules about source addresses will be inconclusive.`,
    );
  }
  // Imported late: cucumber loads slowly, and the process that only starts this again in the lab does not need it.
  const { judgeTarget } = await import('./suite.ts');
  return judgeTarget({ options, target, place, running });
}

await runCommand({
  name: 'features',
  help: HELP,
  exits: {
    fine: 'conformant',
    notSo: 'not conformant',
    nothingSelected: 'nothing was selected or judged',
  },
  readOptions,
  run,
});
