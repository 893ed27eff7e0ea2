// The unit tests: quiet while they pass, every failure whole, and one line at the end.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import { EXIT } from '../../harness/exit_code.ts';
import { runCommand, type Running } from '../command.ts';
import { HELP, readOptions } from './options.ts';

const PLACES = [
  'bench',
  'faults',
  'harness',
  'impl',
  'lint',
  'mutants',
  'packages/regexp-match-indices',
  'packages/sipp-ts-wrapper',
  'reports',
  'commands',
  'steps',
];
const TAP = 'reports/out/unit.tap';
/** A runner that tells nothing for so long waits for what will not come: a test, or a file with something left open. */
const SILENCE_MS = 600_000;

/** Ends the runner, which then names the files it is at, when it tells nothing any more. */
function endWhenSilent(runner: ChildProcess): void {
  const silence = setTimeout(() => runner.kill(), SILENCE_MS);
  const told = watch(TAP, () => silence.refresh());
  runner.once('exit', () => {
    clearTimeout(silence);
    told.close();
  });
}

async function run(only: readonly string[], { interruption, say }: Running): Promise<number> {
  const signal = interruption();
  mkdirSync('reports/out', { recursive: true });
  // A runner that finds no file writes nothing, and would leave the counts of the run before.
  writeFileSync(TAP, '');
  const files = only.length > 0 ? only : PLACES.map((place) => `${place}/**/*.test.ts`);
  const runner = spawn(
    process.execPath,
    [
      '--test',
      `--test-concurrency=${availableParallelism()}`,
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${TAP}`,
      ...files,
    ],
    {
      stdio: 'inherit',
      // Most of a short test's time is compiling what it imports.
      env: { NODE_COMPILE_CACHE: resolve('node_modules/.cache/node'), ...process.env },
    },
  );
  signal.addEventListener('abort', () => runner.kill(), { once: true });
  endWhenSilent(runner);
  await once(runner, 'exit');
  signal.throwIfAborted();
  const tap = readFileSync(TAP, 'utf8');
  const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  const skipped = count('skipped');
  for (const [, file] of tap.matchAll(/^# Interrupted while running: (\S+)/gm))
    say(`${file} told nothing for ${SILENCE_MS / 60_000} minutes`);
  process.stdout.write(
    `\nunit: ${count('pass')} passed, ${count('fail') + count('cancelled')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
  );
  // The runner also succeeds without any test; that is a mistake in a path, not a success.
  return runner.exitCode === 0 && count('tests') > 0 ? EXIT.fine : EXIT.notSo;
}

await runCommand({
  name: 'unit',
  help: HELP,
  exits: { fine: 'all passed', notSo: 'one failed, or there was none' },
  readOptions,
  run,
});
