import type { Clock } from '../runtime/clock.ts';

interface Repetition {
  readonly intervalMs: number;
  readonly callback: () => void;
  due: number;
}

/** A clock that moves only when told to; both of its times start at `origin` milliseconds. */
export class ManualClock implements Clock {
  #now: number;
  #stepped = 0;
  readonly #repetitions = new Set<Repetition>();

  constructor(origin = 1_000_000) {
    this.#now = origin;
  }

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#stepped;
  }

  /** Somebody sets the wall clock on by `ms`, or back. */
  step(ms: number): void {
    this.#stepped += ms;
  }

  repeat(intervalMs: number, callback: () => void): () => void {
    const repetition = { intervalMs, callback, due: this.#now + intervalMs };
    this.#repetitions.add(repetition);
    return () => this.#repetitions.delete(repetition);
  }

  /** How many repetitions are running. */
  get repetitions(): number {
    return this.#repetitions.size;
  }

  /** Moves time on by `ms`. Runs each callback at the moment it falls due. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#earliest(end); next !== undefined; next = this.#earliest(end)) {
      this.#now = next.due;
      next.due += next.intervalMs;
      next.callback();
    }
    this.#now = end;
  }

  #earliest(end: number): Repetition | undefined {
    let first: Repetition | undefined;
    for (const repetition of this.#repetitions) {
      if (repetition.due <= end && (first === undefined || repetition.due < first.due)) first = repetition;
    }
    return first;
  }
}
