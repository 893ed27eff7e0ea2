import { lastingSamples, mergedSamples, type MetricCatalogue, type Sample } from '../observe/metric.ts';

/** How long a worker may take to answer before it counts as silent, in milliseconds. */
const PATIENCE_MS = 1000;

/**
 * Sums the figures of several workers as if they were one edge. Workers are asked on demand. The last known counts of a
 * worker that is gone stay in the sum, so that no counter falls.
 */
export class WorkerFigures<Worker extends object> {
  readonly #ask: (worker: Worker) => void;
  readonly #catalogue: MetricCatalogue;
  readonly #latest = new Map<Worker, readonly Sample[]>();
  readonly #asked = new Map<Worker, PromiseWithResolvers<void>>();
  #gone: readonly Sample[] = [];
  #lost = 0;

  /** `ask` asks a worker for its samples; its answer must go to `heard`. */
  constructor(ask: (worker: Worker) => void, catalogue: MetricCatalogue) {
    this.#ask = ask;
    this.#catalogue = catalogue;
  }

  /** From now on this worker is asked. */
  serves(worker: Worker): void {
    this.#latest.set(worker, []);
  }

  /** A worker has answered with its samples. */
  heard(worker: Worker, samples: readonly Sample[]): void {
    if (this.#latest.has(worker)) this.#latest.set(worker, samples);
    this.#asked.get(worker)?.resolve();
    this.#asked.delete(worker);
  }

  /** The worker is gone; `lost` says that it ended unasked. */
  ended(worker: Worker, lost: boolean): void {
    const counted = lastingSamples(this.#latest.get(worker) ?? [], this.#catalogue);
    this.#gone = mergedSamples([...this.#gone, ...counted], this.#catalogue);
    this.#latest.delete(worker);
    if (lost) this.#lost++;
    this.#asked.get(worker)?.resolve();
    this.#asked.delete(worker);
  }

  /** The figures of all workers; for a silent worker, its last ones. */
  async samples(): Promise<Sample[]> {
    await this.#askedAll();
    const lost = { name: 'voice_edge_workers_lost_total', labels: {}, value: this.#lost };
    return mergedSamples([...this.#gone, ...[...this.#latest.values()].flat(), lost], this.#catalogue);
  }

  /** Resolves if all serving workers answer. Rejects if one of them does not, or if there is none. */
  async answer(): Promise<void> {
    if (this.#latest.size === 0) throw new Error('no edge worker serves');
    const silent = await this.#askedAll();
    if (silent > 0) throw new Error(`${silent} of ${this.#latest.size} edge workers do not answer`);
  }

  /** Resolves with the number of workers that were silent. */
  async #askedAll(): Promise<number> {
    const answers = [...this.#latest.keys()].map((worker) => this.#answerOf(worker));
    return (await Promise.all(answers)).filter((answered) => !answered).length;
  }

  async #answerOf(worker: Worker): Promise<boolean> {
    let asked = this.#asked.get(worker);
    if (asked === undefined) {
      asked = Promise.withResolvers();
      this.#asked.set(worker, asked);
      this.#ask(worker);
    }
    const { promise: silence, resolve } = Promise.withResolvers<boolean>();
    const patience = setTimeout(resolve, PATIENCE_MS, false);
    const answered = await Promise.race([asked.promise.then(() => true), silence]);
    clearTimeout(patience);
    // Ask again next time: the question itself may have been lost.
    if (!answered) this.#asked.delete(worker);
    return answered;
  }
}
