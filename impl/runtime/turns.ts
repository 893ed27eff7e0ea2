/** Runs work one at a time for each key. */
export class Turns {
  readonly #most: number;
  readonly #queues = new Map<string, { last: Promise<unknown>; waiting: number }>();

  /** @param most how much work of one key may wait for its turn */
  constructor(most: number) {
    this.#most = most;
  }

  /** Does the work after all earlier work of the same key. Returns 'crowded', without work, if too many wait. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T | 'crowded'> {
    const queue = this.#queues.get(key) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= this.#most) return 'crowded';
    this.#queues.set(key, queue);
    queue.waiting += 1;
    const mine = queue.last.then(work);
    queue.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(key);
    }
  }
}
