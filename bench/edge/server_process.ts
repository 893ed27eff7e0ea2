import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { HarnessError } from '../../harness/verdict.ts';

const STOP_GRACE_MS = 10_000;
const PROBE_INTERVAL_MS = 50;
const LAST_LINES = 8;

/**
 * A server under load. Its output goes straight to a file: to read a pipe, this process would have to work during the
 * measurement.
 */
export class ServerProcess {
  readonly pid: number;
  /** How it ended; undefined while it runs. */
  #end: string | undefined;
  readonly #exited: Promise<unknown>;
  readonly #logFile: string;

  private constructor(child: ChildProcess, name: string, logFile: string) {
    this.pid = child.pid ?? 0;
    this.#logFile = logFile;
    this.#exited = once(child, 'exit');
    child.once('exit', (code, signal) => {
      this.#end = `${name} ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`;
    });
  }

  /** Starts `command` with `environment` added to ours. Rejects with a HarnessError if it cannot be started. */
  static async start(
    name: string,
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    logFile: string,
  ): Promise<ServerProcess> {
    const [program = '', ...rest] = command;
    const log = openSync(logFile, 'w');
    const child = spawn(program, rest, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw new HarnessError(`${name} could not be started: ${command.join(' ')}: ${String(error)}`);
    }
    return new ServerProcess(child, name, logFile);
  }

  /** Throws a HarnessError with its last lines if it has ended. */
  assertRunning(): void {
    if (this.#end === undefined) return;
    const lines = readFileSync(this.#logFile, 'utf8').trim().split('\n').slice(-LAST_LINES);
    throw new HarnessError(`${this.#end}. Its last lines (${this.#logFile}):\n${lines.join('\n')}`);
  }

  /** Resolves when `isReady` says so. Rejects with a HarnessError if the server ends first or takes too long. */
  async untilReady(isReady: () => Promise<boolean>, patienceMs: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!(await isReady())) {
      signal.throwIfAborted();
      this.assertRunning();
      if (performance.now() > deadline) {
        throw new HarnessError(
          `no answer within ${patienceMs} ms; what the server said is in ${this.#logFile}`,
        );
      }
      await delay(PROBE_INTERVAL_MS);
    }
  }

  /** Asks it and its children to end, and kills what has not ended in time. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    await Promise.race([this.#exited, delay(STOP_GRACE_MS, undefined, { ref: false })]);
    this.#signal('SIGKILL');
    await this.#exited;
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The whole group is gone already.
    }
  }
}
