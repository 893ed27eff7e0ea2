import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { EXIT } from '../../harness/exit_code.ts';
import { seedOfRepeat } from '../../harness/randomness.ts';
import { conformanceSchema, printStability, writeStability, type RepeatedRun } from '../../reports/index.ts';
import type { Running } from '../command.ts';
import { without, type Options } from './options.ts';

/** Every exit code but that of success, the worst first. */
const BAD: readonly number[] = [EXIT.interrupted, EXIT.harness, EXIT.notSo, EXIT.nothingSelected];

/**
 * Runs the command line several times, each time with a lab, target and seed of its own, and reports what came out
 * differently. Resolves with the exit code of the worst run.
 *
 * If the first run leaves no report, there is no second: it would fail in the same way.
 *
 * @param run runs the command with the words it is given; resolves with the exit code
 */
export async function repeatRun(
  { repeat: times, seed, out }: Options,
  { argv, say }: Running,
  run: (argv: readonly string[]) => Promise<number>,
): Promise<number> {
  const words = without(argv, 'repeat', 'seed', 'brief', 'out');
  const runs: RepeatedRun[] = [];
  rmSync(join(out, 'stability.json'), { force: true });
  for (let repeat = 1; repeat <= times; repeat += 1) {
    const repeated = { repeat, seed: seedOfRepeat(seed, repeat), folder: join(out, `repeat-${repeat}`) };
    say(`repeat ${repeat} of ${times}`);
    rmSync(repeated.folder, { recursive: true, force: true });
    const started = performance.now();
    const flags = ['--seed', String(repeated.seed), '--out', repeated.folder, '--brief'];
    const exitCode = await run([...words, ...flags]);
    const durationMs = performance.now() - started;
    const conformance = conformanceIn(repeated.folder);
    if (!conformance && repeat === 1) return exitCode;
    runs.push({ ...repeated, exitCode, durationMs, conformance });
    if (exitCode === EXIT.fine) rmSync(repeated.folder, { recursive: true });
    if (exitCode === EXIT.interrupted) break;
  }
  const told = { seed, times, runs, command: ['npm', 'run', 'features', '--', ...words] };
  writeStability(told, out);
  printStability(told, process.stdout, process.env);
  return BAD.find((code) => runs.some(({ exitCode }) => exitCode === code)) ?? EXIT.fine;
}

/** The verdicts of a run; undefined if it left no report. */
function conformanceIn(folder: string): RepeatedRun['conformance'] {
  const file = join(folder, 'conformance.json');
  return existsSync(file) ? conformanceSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}
