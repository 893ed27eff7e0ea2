import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

import { killGroup, tieToParent, untie } from './lifeline.ts';
import { SippError } from './sipp_error.ts';

/** Why a run was ended from outside. */
export type EndCause = 'timeout' | 'aborted' | 'stopped';

/** How a SIPp process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  durationMs: number;
  /** The first cause that ended the run from outside; undefined where SIPp ended by itself. */
  cause: EndCause | undefined;
  /** Whether open calls were cut: SIPp was told to end at once. */
  forced: boolean;
}

/** Time from SIGTERM to SIGKILL. On SIGTERM, SIPp writes its counters and ends within a tick of its loop. */
const KILL_AFTER_MS = 300;

/** One running SIPp, in a process group of its own. Its screen output is discarded. */
export class SippChild {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  #cause: EndCause | undefined;
  #forced = false;
  #ended = false;
  #timers: NodeJS.Timeout[] = [];

  /** @param cleanUp runs synchronously if this process exits before SIPp. */
  constructor(executable: string, args: readonly string[], stderrFile: string, cleanUp: () => void) {
    const stderr = openSync(stderrFile, 'w', 0o600);
    const started = performance.now();
    let child: ChildProcess;
    try {
      child = spawn(executable, args, {
        detached: true,
        stdio: ['ignore', 'ignore', stderr],
        // The trace names no time zone, and the error log would quote the system in the user's language.
        env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
      });
    } finally {
      closeSync(stderr);
    }
    this.exited = new Promise((resolve, reject) => {
      child.once('error', (failure: NodeJS.ErrnoException) => {
        reject(new SippError('SIPP_MISSING', `${executable} cannot be started (${failure.code})`));
      });
      child.once('exit', (code, signal) => {
        this.#ended = true;
        for (const timer of this.#timers) clearTimeout(timer);
        // Kills what the scenario may have started with <exec command>: it stays in the group.
        killGroup(this.pid, 'SIGKILL');
        untie(this.pid);
        const durationMs = performance.now() - started;
        resolve({ code, signal, durationMs, cause: this.#cause, forced: this.#forced });
      });
    });
    this.pid = child.pid ?? 0;
    // Without a process there is no group to signal: group 0 would be our own.
    if (child.pid === undefined) this.#ended = true;
    else tieToParent(child.pid, cleanUp);
  }

  /** Lets open calls end, and cuts those still open after `graceMs`. */
  endGracefully(cause: EndCause, graceMs: number): void {
    if (this.#ended) return;
    this.#cause ??= cause;
    killGroup(this.pid, 'SIGUSR1');
    this.#after(graceMs, () => this.endNow(cause));
  }

  /** Ends SIPp at once, by SIGKILL where it does not react. */
  endNow(cause: EndCause): void {
    if (this.#ended || this.#forced) return;
    this.#cause ??= cause;
    this.#forced = true;
    killGroup(this.pid, 'SIGTERM');
    this.#after(KILL_AFTER_MS, () => killGroup(this.pid, 'SIGKILL'));
  }

  /** Ends SIPp at once when `delayMs` have passed. */
  endAfter(cause: EndCause, delayMs: number): void {
    this.#after(delayMs, () => this.endNow(cause));
  }

  #after(delayMs: number, act: () => void): void {
    this.#timers.push(setTimeout(act, delayMs));
  }
}
