import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const READY = /^ready api=(http:\/\/127\.0\.0\.1:\d+) sip=udp:127\.0\.0\.1:(\d+)\n/;

/** A process that runs main, with all its output, for tests. `ended` resolves with its exit code. */
export class RunningMain {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;
  #read: Readable;

  /** `within`: a command that executes its further arguments in its own place, such as a shell with a redirection. */
  constructor(
    environment: Record<string, string>,
    flags: readonly string[] = [],
    within: readonly string[] = [],
  ) {
    const [command, ...before] = [...within, process.execPath];
    this.child = spawn(command, [...before, MAIN, ...flags], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#read = this.child.stdout;
    this.reads(this.child.stdout);
    this.child.stderr.setEncoding('utf8').on('data', (chunk) => (this.stderr += chunk));
    this.ended = once(this.child, 'close').then(([code]) => code);
  }

  /** Reads its output from this stream from now on, afresh. */
  reads(output: Readable): void {
    this.stdout = '';
    this.#read = output.setEncoding('utf8').on('data', (chunk) => (this.stdout += chunk));
  }

  /** The API URL and SIP port of the ready line; rejects if the process ends first. */
  async places(): Promise<{ apiUrl: string; sipPort: number }> {
    while (!this.stdout.includes('\n')) {
      const code = await Promise.race([once(this.#read, 'data').then(() => undefined), this.ended]);
      if (code !== undefined) throw new Error(`ended with ${code}: ${this.stderr}`);
    }
    const match = READY.exec(this.stdout);
    assert.ok(match, this.stdout);
    return { apiUrl: match[1] ?? '', sipPort: Number(match[2]) };
  }

  /** The API URL of the ready line; rejects if the process ends first. */
  async ready(): Promise<string> {
    return (await this.places()).apiUrl;
  }

  /** Waits for an event in the log and returns its first entry; rejects if the process ends first. */
  async told(event: string): Promise<Record<string, unknown>> {
    for (;;) {
      const whole = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1);
      const line = logLines(whole).find((entry) => entry['event'] === event);
      if (line !== undefined) return line;
      const code = await Promise.race([once(this.#read, 'data').then(() => undefined), this.ended]);
      if (code !== undefined) throw new Error(`ended with ${code} and never logged ${event}: ${this.stderr}`);
    }
  }

  /** Sends the signal. Resolves with the exit code. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  /** Its log, without the ready line. */
  logged(): Record<string, unknown>[] {
    return logLines(this.stdout);
  }
}

function logLines(stdout: string): Record<string, unknown>[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line));
}
