import type { Log } from '../observe/log.ts';

/** How long a part may take to answer, in milliseconds. */
const PATIENCE_MS = 2000;

/** A part the service cannot work without. `name` is as in "the store"; `answer` settles when the part answers. */
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
    const problem = this.#isStopping ? 'the service is stopping' : await this.#silentPart();
    if (problem !== this.#last) {
      this.#last = problem;
      if (problem === undefined) this.#log({ level: 'info', event: 'system.ready-again' });
      else if (!this.#isStopping) this.#log({ level: 'warn', event: 'system.not-ready', problem });
    }
    return problem;
  }

  async #silentPart(): Promise<string | undefined> {
    const answers = await Promise.all(this.#parts.map(({ answer }) => answersInTime(answer)));
    const silent = this.#parts.find((_part, index) => !answers[index]);
    return silent && `the ${silent.name} does not answer`;
  }
}

async function answersInTime(answer: () => Promise<unknown>): Promise<boolean> {
  const { promise: silence, resolve } = Promise.withResolvers<boolean>();
  const patience = setTimeout(resolve, PATIENCE_MS, false);
  try {
    return await Promise.race([answer().then(() => true), silence]);
  } catch {
    return false;
  } finally {
    clearTimeout(patience);
  }
}
