import { spawn } from 'node:child_process';
import { once } from 'node:events';

import type { Check } from './checks.ts';

/** Characters of a check's output that are kept, from its end. */
const KEPT = 8_000;

/** What became of a check. */
export interface Checked {
  readonly name: string;
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly seconds: number;
  /** The end of what it printed; empty where it went to a terminal. */
  readonly output: string;
}

/**
 * Runs a check.
 *
 * @param isShown whether its output is shown while it runs; a terminal stays one for it
 * @param signal ends it when it aborts
 */
export async function runCheck(
  { name, command }: Check,
  isShown: boolean,
  signal: AbortSignal,
): Promise<Checked> {
  const started = performance.now();
  const [program = '', ...rest] = command;
  const goesTo = isShown && process.stdout.isTTY ? 'inherit' : 'pipe';
  const child = spawn(program, rest, { stdio: ['ignore', goesTo, goesTo] });
  const end = (): void => void child.kill();
  signal.addEventListener('abort', end, { once: true });
  let output = '';
  const take = (from: NodeJS.ReadableStream | null, to: NodeJS.WriteStream): void => {
    from?.setEncoding('utf8').on('data', (text: string) => {
      if (isShown) to.write(text);
      output = (output + text).slice(-KEPT);
    });
  };
  take(child.stdout, process.stdout);
  take(child.stderr, process.stderr);
  await once(child, 'close');
  signal.removeEventListener('abort', end);
  return { name, code: child.exitCode, seconds: (performance.now() - started) / 1000, output };
}
