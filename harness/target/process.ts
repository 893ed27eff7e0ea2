import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { HarnessError } from '../verdict.ts';

const STOP_GRACE_MS = 5_000;
const LAST_LINES = 12;

/** How a started target ended: the sentence for a report. */
export interface TargetEnd {
  readonly sentence: string;
}

/** A target that this run started. */
export class TargetProcess {
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<TargetEnd>;
  private readonly child: ChildProcess;
  private readonly lastLines: string[] = [];

  private constructor(child: ChildProcess, command: string, logFile: string) {
    this.child = child;
    const log = createWriteStream(logFile);
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
    for (const stream of streams) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log.write(text);
        this.remember(text);
      });
    }
    this.ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
      log.end();
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      const last = this.lastLines.length > 0 ? `\nIts last lines:\n${this.lastLines.join('\n')}` : '';
      return { sentence: `${command} ended ${how}.${last}\nWhole log: ${logFile}` };
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
    const target = new TargetProcess(child, command.join(' '), logFile);
    target.ended.catch(() => {});
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw new HarnessError(`the target could not be started: ${command.join(' ')}: ${String(error)}`);
    }
    return target;
  }

  /** Asks the target to end, and ends it and its children hard where it does not within five seconds. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.signal('SIGTERM');
    const hard = setTimeout(() => this.signal('SIGKILL'), STOP_GRACE_MS);
    await this.ended;
    clearTimeout(hard);
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
    } catch {
      // The group is gone already, and with it what was to be ended.
    }
  }

  private remember(text: string): void {
    this.lastLines.push(...text.split('\n').filter((line) => line.trim() !== ''));
    this.lastLines.splice(0, this.lastLines.length - LAST_LINES);
  }
}
