import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';

import { z } from 'zod';

import { HarnessError } from '../../harness/verdict.ts';
import { AT_START, NO_MUTANT, REACHED, SWITCH_ADDRESS } from '../../mutants/switch_protocol.ts';

const numbers = z.array(z.string());
/** How long the reference may take to answer. One that runs in circles never does. */
const PATIENCE_MS = 3_000;

/**
 * The connection to the switch of the instrumented reference. Its answers come in the order of the requests; a request
 * rejects with a HarnessError if none comes.
 */
export class SwitchLine {
  readonly #socket: Socket;
  readonly #lines: Interface;
  readonly #waiting: ((line: string) => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    // A reference that has ended is noticed by the session.
    socket.on('error', () => undefined);
    this.#lines = createInterface({ input: socket });
    this.#lines.on('line', (line) => this.#waiting.shift()?.(line));
  }

  /** Rejects with a HarnessError if no instrumented reference runs in this lab. */
  static async open(): Promise<SwitchLine> {
    const socket = createConnection(SWITCH_ADDRESS);
    try {
      await once(socket, 'connect');
    } catch (error) {
      throw new HarnessError(`the instrumented reference has no switch: ${String(error)}`);
    }
    return new SwitchLine(socket);
  }

  /** The numbers of the mutants whose code ran before the first request. */
  atStart(): Promise<readonly string[]> {
    return this.#ask(AT_START);
  }

  /** The numbers of the mutants reached since it was asked last. */
  reached(): Promise<readonly string[]> {
    return this.#ask(REACHED);
  }

  /** Whether it answers at all. */
  isAnswered(): Promise<boolean> {
    return this.atStart().then(
      () => true,
      () => false,
    );
  }

  /** Makes the mutant active, and all others inactive. */
  async to(mutant: string | undefined): Promise<void> {
    await this.#ask(mutant ?? NO_MUTANT);
  }

  close(): void {
    this.#lines.close();
    this.#socket.destroy();
  }

  async #ask(request: string): Promise<readonly string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(
      () =>
        reject(
          new HarnessError(`the instrumented reference did not answer its switch within ${PATIENCE_MS} ms`),
        ),
      PATIENCE_MS,
    );
    this.#waiting.push(resolve);
    this.#socket.write(`${request}\n`);
    try {
      return numbers.parse(JSON.parse(await promise));
    } finally {
      clearTimeout(timer);
    }
  }
}
