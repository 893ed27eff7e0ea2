import type { Log } from '../observe/log.ts';
import { StoreUnavailable } from '../store/store_unavailable.ts';

/** How long a part may take to answer, in milliseconds. */
const PATIENCE_MS = 2000;

/**
 * A part the service cannot work without. `name` is as in "the store"; `answer` settles when the part answers, and may
 * reject with a StoreUnavailable that says what is wrong.
 */
export interface NeededPart {
  readonly name: string;
  readonly answer: () => Promise<unknown>;
}

/** Whether the service can do its work. Logs each change. */
export class Readiness {
  readonly #parts: readonly NeededPart[];
  readonly #log: Log;
  #isStopping = false;
  #last: string | undefined;

  constructor(parts: readonly NeededPart[], log: Log) {
    this.#parts = parts;
    this.#log = log;
  }

  /** From now on the service is not ready, whatever its parts do. */
  stopping(): void {
    this.#isStopping = true;
  }

  /** Why the service is not ready; undefined if it is ready. */
  async problem(): Promise<string | undefined> {
    const problem = this.#isStopping ? 'the service is stopping' : await this.#partsProblem();
    if (problem !== this.#last) {
      this.#last = problem;
      if (problem === undefined) this.#log({ level: 'info', event: 'system.ready-again' });
      else if (!this.#isStopping) this.#log({ level: 'warn', event: 'system.not-ready', problem });
    }
    return problem;
  }

  async #partsProblem(): Promise<string | undefined> {
    const problems = await Promise.all(this.#parts.map(problemOf));
    return problems.find((problem) => problem !== undefined);
  }
}

async function problemOf({ name, answer }: NeededPart): Promise<string | undefined> {
  const silent = `the ${name} does not answer`;
  const { promise: silence, resolve } = Promise.withResolvers<string>();
  const patience = setTimeout(resolve, PATIENCE_MS, silent);
  try {
    return await Promise.race([answer().then(() => undefined), silence]);
  } catch (error) {
    return error instanceof StoreUnavailable ? error.message : silent;
  } finally {
    clearTimeout(patience);
  }
}
