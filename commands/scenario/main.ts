// One SIPp scenario for a person at a terminal: its messages as they happen, a ladder of both sides, the verdict.
import { main as sippRun } from 'sipp-ts-wrapper/cli';

import { EXIT } from '../../harness/exit_code.ts';
import { rerunInLab } from '../../harness/lab/namespace.ts';
import { checkWish } from '../../harness/run/single_call.ts';
import { loadTarget } from '../../harness/target/load.ts';
import { choosePlace } from '../../harness/target/place.ts';
import { runCommand, type Running } from '../command.ts';
import { scenarioList } from './list.ts';
import { HELP, readOptions, type ScenarioOptions, type TargetCall } from './options.ts';
import { callTarget } from './target_call.ts';

async function run(options: ScenarioOptions, running: Running): Promise<number> {
  switch (options.kind) {
    case 'list':
      process.stdout.write(scenarioList());
      return EXIT.fine;
    case 'host': {
      const { stdout, stderr, env } = process;
      return sippRun([...options.sippRun], { stdout, stderr, env, signal: running.interruption() });
    }
    default:
      return runAgainstTarget(options, running);
  }
}

async function runAgainstTarget(call: TargetCall, running: Running): Promise<number> {
  const target = loadTarget(call.target);
  const place = choosePlace(target, call.place);
  checkWish(call.wish, target, place.name);
  if (place.way) return rerunInLab(place.way, import.meta.filename, running.argv);
  if (place.insteadOfLab !== undefined) running.say(`going on over loopback, as ${place.insteadOfLab}`);
  return callTarget(call, target, place.name, running);
}

await runCommand({
  name: 'scenario',
  help: HELP,
  exits: { fine: 'passed', notSo: 'the call failed' },
  readOptions,
  run,
});
