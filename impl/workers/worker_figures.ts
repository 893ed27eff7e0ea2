import { lastingSamples, mergedSamples, type MetricCatalogue, type Sample } from '../observe/metric.ts';

/** A worker that has not answered by then counts as silent, in milliseconds. */
const PATIENCE_MS = 1000;

/**
 * The figures of several workers as those of one edge. They are asked for when somebody wants to know; what a worker
 * had counted when it was last asked stays when it is gone, so that no counter falls.
 */
export class WorkerFigures<Worker extends object> {
  readonly #ask: (worker: Worker) => void;
  readonly #catalogue: MetricCatalogue;
  readonly #latest = new Map<Worker, readonly Sample[]>();
  readonly #asked = new Map<Worker, PromiseWithResolvers<void>>();
  #gone: readonly Sample[] = [];
  #lost = 0;

  /** `ask` makes a worker tell its samples, which then come to `heard`. */
  constructor(ask: (worker: Worker) => void, catalogue: MetricCatalogue) {
    this.#ask = ask;
    this.#catalogue = catalogue;
  }

  /** From now on this worker is asked. */
  serves(worker: Worker): void {
    this.#latest.set(worker, []);
  }

  heard(worker: Worker, samples: readonly Sample[]): void {
    if (this.#latest.has(worker)) this.#latest.set(worker, samples);
    this.#asked.get(worker)?.resolve();
    this.#asked.delete(worker);
  }

  /** The worker is gone; `lost`: nobody had told it to stop. */
  ended(worker: Worker, lost: boolean): void {
    const counted = lastingSamples(this.#latest.get(worker) ?? [], this.#catalogue);
    this.#gone = mergedSamples([...this.#gone, ...counted], this.#catalogue);
    this.#latest.delete(worker);
    if (lost) this.#lost++;
    this.#asked.get(worker)?.resolve();
    this.#asked.delete(worker);
  }

  /** The figures of all; of a worker that is silent those it told last. */
  async samples(): Promise<Sample[]> {
    await this.#askedAll();
    const lost = { name: 'voice_edge_workers_lost_total', labels: {}, value: this.#lost };
    return mergedSamples([...this.#gone, ...[...this.#latest.values()].flat(), lost], this.#catalogue);
  }

  /** Rejects where no worker serves, or one that does is silent. */
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
    // Asked anew the next time: the question itself may have been lost.
    if (!answered) this.#asked.delete(worker);
    return answered;
  }
}
