// Everything that must hold before a change lands: format, lint, types, unused code, unit tests, features, and that the
// features find every fault.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { EXIT } from '../../harness/exit_code.ts';
import { wayIntoLab } from '../../harness/lab/namespace.ts';
import { runCommand, type Running } from '../command.ts';
import { DYNAMIC, STATIC, type Check } from './checks.ts';
import { HELP, readOptions } from './options.ts';

async function passes(
  { name, command }: Check,
  shown: boolean,
  say: Running['say'],
  signal: AbortSignal,
): Promise<boolean> {
  const started = performance.now();
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
  });
  const end = (): void => void child.kill();
  signal.addEventListener('abort', end, { once: true });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  signal.removeEventListener('abort', end);
  const code = child.exitCode;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (code !== 0) process.stdout.write(output);
  say(`${name} ${code === 0 ? 'ok' : `FAILED (exit code ${code})`}, ${seconds} s`);
  return code === 0;
}

async function run(_: undefined, { say, interruption }: Running): Promise<number> {
  const signal = interruption();
  say(STATIC.map(({ name }) => name).join(', '));
  const results = await Promise.all(STATIC.map((check) => passes(check, false, say, signal)));
  const skipped: string[] = [];
  for (const check of DYNAMIC) {
    signal.throwIfAborted();
    const lab = check.needsLab === true ? wayIntoLab() : undefined;
    if (lab !== undefined && 'reason' in lab) {
      skipped.push(check.name);
      say(`${check.name} skipped: ${lab.reason}`);
      continue;
    }
    say(check.name);
    results.push(await passes(check, true, say, signal));
  }
  signal.throwIfAborted();
  const failed = results.filter((passed) => !passed).length;
  const notRun = skipped.length > 0 ? `, ${skipped.length} skipped (${skipped.join(', ')})` : '';
  process.stdout.write(`\nchecks: ${results.length - failed} passed, ${failed} failed${notRun}\n`);
  return failed > 0 ? EXIT.notSo : EXIT.fine;
}

await runCommand({
  name: 'test',
  help: HELP,
  exits: { fine: 'all of it holds', notSo: 'a check failed' },
  readOptions,
  run,
});
