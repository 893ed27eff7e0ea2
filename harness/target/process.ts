import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

import { HarnessError } from '../verdict.ts';

const STOP_GRACE_MS = 5_000;
/** The output of an ended process is already in its pipes; they stay open only while a child of it holds them. */
const LAST_WORDS_MS = 250;
const LAST_LINES = 12;

/** How a target ended that this run had started. */
export interface TargetEnd {
  readonly sentence: string;
  /** Its last lines, and where its whole log is. */
  readonly details: string;
}

/** A target that this run started. */
export class TargetProcess {
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<TargetEnd>;
  /** Resolves when its output is closed: neither the process nor a child of it can write any more. */
  readonly #closed: Promise<void>;
  readonly #child: ChildProcess;
  readonly #lastLines: string[] = [];

  private constructor(child: ChildProcess, command: string, logFile: string) {
    this.#child = child;
    const log = createWriteStream(logFile);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      stream.on('data', (bytes: Buffer) => log.write(bytes));
      createInterface({ input: stream }).on('line', (line) => this.#remember(line));
    }
    this.#closed = once(child, 'close').then(() => void log.end());
    this.ended = once(child, 'exit').then(async ([code, signal]: (number | string | null)[]) => {
      await within(LAST_WORDS_MS, this.#closed);
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      const said =
        this.#lastLines.length > 0 ? ['Its last lines:', ...this.#lastLines] : ['It said nothing.'];
      return {
        sentence: `${command} ended ${how}.`,
        details: [...said, `Whole log: ${logFile}`].join('\n'),
      };
    });
  }

  /** Starts `command` with `environment` added to ours; its output goes to `logFile`. Rejects with a HarnessError. */
  static async start(
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    logFile: string,
  ): Promise<TargetProcess> {
    const [program = '', ...rest] = command;
    const child = spawn(program, rest, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw new HarnessError(
        `the target could not be started: ${command.join(' ')}: ${unstartable(program, error)}`,
      );
    }
    return new TargetProcess(child, command.join(' '), logFile);
  }

  /** Its number in our process namespace. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the target and its children at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  /** Sends SIGTERM to the target and its children, and SIGKILL to those that still run after `graceMs`. */
  async stop(graceMs = STOP_GRACE_MS): Promise<void> {
    this.#signal('SIGTERM');
    await within(graceMs, this.#closed);
    this.#signal('SIGKILL');
    await this.ended;
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // The process group has already ended.
    }
  }

  #remember(line: string): void {
    if (line.trim() === '') return;
    this.#lastLines.push(line);
    if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
  }
}

/** Resolves when `awaited` does, after `ms` at the latest. */
async function within(ms: number, awaited: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([awaited, late]);
  clearTimeout(timer);
}

function unstartable(program: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const mend =
    'mend places.….start.command in its descriptor, which is run from the repository root, without a shell';
  // A folder of PATH that may not be searched makes a missing program look like a forbidden one.
  if (code === 'ENOENT' || !program.includes('/'))
    return `there is no program "${program}". Install it, or ${mend}`;
  if (code === 'EACCES')
    return `"${program}" is not a program that may be run. Give it the right (chmod +x), or ${mend}`;
  return `${String(error)}. Is it a program for this system? Else ${mend}`;
}
