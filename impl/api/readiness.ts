import type { Log } from '../observe/log.ts';

/** A part that has not answered by then does not, in milliseconds. */
const PATIENCE_MS = 2000;

/** What the service cannot work without, by its name in a sentence; `answer` settles when it does. */
export interface NeededPart {
  readonly name: string;
  readonly answer: () => Promise<unknown>;
}

/** Whether the service can do its work; each change is a line of the log. */
export class Readiness {
  readonly #parts: readonly NeededPart[];
  readonly #log: Log;
  #isStopping = false;
  #last: string | undefined;

  constructor(parts: readonly NeededPart[], log: Log) {
    this.#parts = parts;
    this.#log = log;
  }

  /** From now on it is not ready, whatever its parts do. */
  stopping(): void {
    this.#isStopping = true;
  }

  /** What keeps the service from its work; undefined where nothing does. */
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
