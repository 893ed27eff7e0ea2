import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../..');
const MARK = 'COMMAND_RUN';
const POLL_MS = 10;
const PATIENCE_MS = 5_000;

const all = new Set<CommandRun>();

/** Kills what is left of all runs: else a test that failed before its run had ended would keep its file from ending. */
export function killRuns(): void {
  for (const run of all)
    for (const { pid } of run.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
}

/** A test's run of a command: what it wrote, how it ended, and what it left behind. */
export class CommandRun {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stdout = '';
  stderr = '';
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #mark = randomUUID();

  /** Runs a program in `folder`, by default the repository's root, with this Node first on its PATH. */
  constructor(
    program: string,
    flags: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    folder = ROOT,
  ) {
    const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
    const inherited = Object.entries(process.env).filter(([name]) => !/^(VOICE_EDGE_|NODE_)/.test(name));
    this.child = spawn(program, flags, {
      cwd: folder,
      env: { ...Object.fromEntries(inherited), PATH: path, [MARK]: this.#mark, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (chunk) => (this.stdout += chunk));
    this.child.stderr.setEncoding('utf8').on('data', (chunk) => (this.stderr += chunk));
    this.ended = once(this.child, 'close').then(([code]) => code);
    all.add(this);
  }

  /** Resolves when its standard output holds `text`; rejects if the command ends first. */
  async says(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      const more = once(this.child.stdout, 'data').then(() => 'more');
      if ((await Promise.race([more, this.ended])) === 'more') continue;
      if (!this.stdout.includes(text)) throw new Error(`never said "${text}":\n${this.stdout}${this.stderr}`);
    }
  }

  /** Ids and command lines of the processes that stem from it, itself included. Linux only. */
  processes(): { pid: number; command: string }[] {
    return readdirSync('/proc')
      .filter(
        (name) => /^\d+$/.test(name) && textOf(`/proc/${name}/environ`).includes(`${MARK}=${this.#mark}`),
      )
      .map((name) => ({ pid: Number(name), command: textOf(`/proc/${name}/cmdline`).replaceAll('\0', ' ') }))
      .filter(({ command }) => command !== '');
  }

  /** The command lines of what is left of it; waits a little for those that are about to end. */
  async survivors(): Promise<string[]> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.processes().length > 0 && performance.now() < deadline) await delay(POLL_MS);
    return this.processes().map(({ command }) => command);
  }
}

/** The file's text; empty where the process has ended meanwhile, or is another user's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
