// Everything that must hold before a change lands: format, lint, types, unused code, unit tests, features, and that the
// features find every fault.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { wayIntoLab } from '../../harness/lab/namespace.ts';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether it cannot go on over loopback. */
  readonly needsLab?: boolean;
}

/** They only read, one core each: all at once. */
const STATIC: readonly Check[] = [
  { name: 'format', command: ['npm', 'run', '--silent', 'check:format'] },
  { name: 'lint', command: ['npm', 'run', '--silent', 'check:lint'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'check:types'] },
  { name: 'unused', command: ['npm', 'run', '--silent', 'check:unused'] },
];
/** They measure time and fill both cores: one after the other, with their own output. */
const DYNAMIC: readonly Check[] = [
  { name: 'unit tests', command: ['npm', 'run', '--silent', 'check:unit'] },
  { name: 'features', command: [process.execPath, 'commands/features/main.ts'] },
  { name: 'faults', command: [process.execPath, 'commands/faults/main.ts'], needsLab: true },
];

let interrupted = false;
// The terminal has told the running check too; its end is waited for.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (interrupted = true));

async function passes({ name, command }: Check, shown: boolean): Promise<boolean> {
  const started = performance.now();
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  const code = child.exitCode;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (code !== 0) process.stdout.write(output);
  process.stdout.write(`test: ${name} ${code === 0 ? 'ok' : `FAILED (exit code ${code})`}, ${seconds} s\n`);
  return code === 0;
}

process.stdout.write(`test: ${STATIC.map(({ name }) => name).join(', ')}\n`);
const results = await Promise.all(STATIC.map((check) => passes(check, false)));
const skipped: string[] = [];
for (const check of DYNAMIC) {
  if (interrupted) break;
  const lab = check.needsLab === true ? wayIntoLab() : undefined;
  if (lab !== undefined && 'reason' in lab) {
    skipped.push(check.name);
    process.stdout.write(`test: ${check.name} skipped: ${lab.reason}\n`);
    continue;
  }
  process.stdout.write(`test: ${check.name}\n`);
  results.push(await passes(check, true));
}
const failed = results.filter((passed) => !passed).length;
const notRun = skipped.length > 0 ? `, ${skipped.length} skipped (${skipped.join(', ')})` : '';
process.stdout.write(`\nchecks: ${results.length - failed} passed, ${failed} failed${notRun}\n`);
process.exit(interrupted ? 130 : failed > 0 ? 1 : 0);
