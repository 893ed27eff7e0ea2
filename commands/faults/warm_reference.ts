import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** How long one start may take before the process is given up. No verdict depends on it. */
const START_MS = 20_000;

/** What a warm reference is started with. */
export interface WarmOptions {
  /** Node, the program faults/sequence.ts and its flags. */
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
}

/** A process that is the reference with one fault after another: half of a fault's time is the loading of its code. */
export class WarmReference {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #log: WriteStream;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  #answered: ((word: string) => void) | undefined;
  /** Systems that it has started. */
  starts = 0;

  constructor({ command: [program = '', ...words], environment, logFile }: WarmOptions) {
    this.#child = spawn(program, words, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#log = createWriteStream(logFile);
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.pipe(this.#log, { end: false });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line));
    this.ended = once(this.#child, 'close').then(
      () => void this.#log.end(),
      () => undefined,
    );
  }

  /** Becomes the reference with this fault, or without one. False where it cannot: then it has ended. */
  become(fault: string | undefined): Promise<boolean> {
    this.starts += 1;
    return this.#ask(fault === undefined ? 'start' : `start ${fault}`, 'ready');
  }

  /** Gives its addresses up. False where it cannot: then it has ended. */
  rest(): Promise<boolean> {
    return this.#ask('stop', 'stopped');
  }

  /** Ends the process. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #ask(command: string, answer: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#answered = resolve;
    const timer = setTimeout(() => void this.end(), START_MS);
    this.#child.stdin.write(`${command}\n`);
    const word = await Promise.race([promise, this.ended]);
    clearTimeout(timer);
    return word === answer;
  }

  #hear(line: string): void {
    this.#log.write(`${line}\n`);
    if (line === 'ready' || line === 'stopped') this.#answered?.(line);
  }
}
