import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { Socket } from 'node:net';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import type { LaunchEnd, LaunchReport, LaunchRequest } from './launch_protocol.ts';
import { killGroup } from './process_group.ts';

/** Beside this file, and compiled where this file is. */
const PROGRAM = join(import.meta.dirname, `launcher_process${extname(import.meta.filename)}`);

/** A started process, in a process group of its own that does not outlive this thread. */
export interface Launched {
  readonly pid: number;
  /** Rejects where the launcher is killed: nobody knows how the process ended then. */
  readonly ended: Promise<LaunchEnd>;
}

interface Waiting {
  readonly onStarted: (pid: number) => void;
  readonly onEnded: (end: LaunchEnd) => void;
  readonly onFailed: (failure: Error) => void;
  /** Runs synchronously if this process exits first. */
  readonly cleanUp: () => void;
  pid?: number;
}

/**
 * Starts SIPps for this thread, in a small process that lives as long as the thread does. SIPps have process groups of
 * their own, so neither the terminal nor a dying parent reaches them. `exit` handlers cover an orderly end; the small
 * process covers SIGKILL, a crash and the end of a worker thread: its input ends then, and it kills them.
 */
class Launcher {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  /** Why it can launch nothing more. */
  failure: Error | undefined;

  constructor() {
    this.#child = spawn(process.execPath, [PROGRAM], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const end = (): void => this.#fail(new Error('the process that starts SIPp has ended'));
    this.#child.on('error', end);
    this.#child.on('exit', end);
    this.#child.stdin.on('error', () => undefined);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    process.on('exit', () => this.#killAll());
    this.#keepsAlive(false);
  }

  launch(request: Omit<LaunchRequest, 'id'>, cleanUp: () => void): Promise<Launched> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const ended = new Promise<LaunchEnd>((onEnded, onLost) => {
        this.#waiting.set(id, {
          onStarted: (pid) => resolve({ pid, ended }),
          onEnded,
          onFailed(failure) {
            reject(failure);
            onLost(failure);
          },
          cleanUp,
        });
      });
      // It may reject when nothing awaits it.
      ended.catch(() => undefined);
      this.#keepsAlive(true);
      this.#child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  #hear(report: LaunchReport): void {
    const waiting = this.#waiting.get(report.id);
    if (waiting === undefined) return;
    if (report.kind === 'started') {
      waiting.pid = report.pid;
      waiting.onStarted(report.pid);
      return;
    }
    this.#waiting.delete(report.id);
    if (this.#waiting.size === 0) this.#keepsAlive(false);
    if (report.kind === 'ended') waiting.onEnded(report);
    else waiting.onFailed(new Error(report.reason));
  }

  #fail(failure: Error): void {
    this.failure = failure;
    for (const { pid, onFailed } of this.#waiting.values()) {
      if (pid !== undefined) killGroup(pid, 'SIGKILL');
      onFailed(failure);
    }
    this.#waiting.clear();
  }

  #killAll(): void {
    for (const { pid, cleanUp } of this.#waiting.values()) {
      if (pid !== undefined) killGroup(pid, 'SIGKILL');
      cleanUp();
    }
  }

  /** Whether this process waits for it: only while it runs something. */
  #keepsAlive(isAwaited: boolean): void {
    const change = isAwaited ? 'ref' : 'unref';
    this.#child[change]();
    // A child's pipe is a socket, whatever its type says.
    for (const pipe of [this.#child.stdin, this.#child.stdout]) if (pipe instanceof Socket) pipe[change]();
  }
}

let launcher: Launcher | undefined;

/**
 * Starts a program. Rejects with an Error that says why it cannot be started.
 *
 * @param cleanUp runs synchronously if this process exits first
 */
export function launch(request: Omit<LaunchRequest, 'id'>, cleanUp: () => void): Promise<Launched> {
  if (launcher?.failure !== undefined) launcher = undefined;
  launcher ??= new Launcher();
  return launcher.launch(request, cleanUp);
}
