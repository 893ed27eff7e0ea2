import { setTimeout as delay } from 'node:timers/promises';

import type { Edge } from '../edge/edge.ts';
import type { EdgeOptions } from '../edge/edge_options.ts';
import type { Log } from '../observe/log.ts';
import type { Sample } from '../observe/metric.ts';

/** How long to wait before an edge that could not start is started again. */
const RESTART_DELAY_MS = 1000;

/** What a lone edge is started with, each time. */
export interface LoneEdgeParts {
  /** Reads what the configuration names: rejects if it is wrong. */
  readonly options: () => Promise<EdgeOptions>;
  readonly startEdge: (options: EdgeOptions) => Promise<Edge>;
  readonly log: Log;
}

/** The edge of a service that has only one, in the process of the service. */
export class LoneEdge {
  readonly address: Edge['address'];
  readonly #parts: LoneEdgeParts;
  #edge: Edge | undefined;
  #stopping = false;
  /** Resolves when it is not being started anew. */
  #settled = Promise.resolve();

  private constructor(edge: Edge, parts: LoneEdgeParts) {
    this.#edge = edge;
    this.#parts = parts;
    this.address = edge.address;
  }

  /** Rejects with an error of the configuration or an EdgeError. */
  static async start(parts: LoneEdgeParts): Promise<LoneEdge> {
    return new LoneEdge(await parts.startEdge(await parts.options()), parts);
  }

  /** Its figures now; none while it is between its end and its new start. */
  async samples(): Promise<Sample[]> {
    return this.#edge?.samples() ?? [];
  }

  /** Rejects while there is none. */
  async answer(): Promise<void> {
    if (this.#edge === undefined) throw new Error('the edge has not started anew yet');
  }

  /**
   * Ends it without draining, and starts a new one at the same address, again and again until that succeeds. It
   * stays as it is if what the configuration names has become wrong. Calls that are established go on.
   */
  startAnew(): Promise<void> {
    return (this.#settled = this.#settled.then(() => this.#startAnew()));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#settled;
    await this.#edge?.stop();
  }

  async #startAnew(): Promise<void> {
    const { log } = this.#parts;
    try {
      const { listen, ...options } = await this.#parts.options();
      await this.#edge?.stop(0);
      this.#edge = undefined;
      await this.#startUntilServing({ ...options, listen: { ...listen, port: this.address.port } });
    } catch (error) {
      log({ level: 'error', event: 'edge.not-started-anew', why: String(error) });
    }
  }

  async #startUntilServing(options: EdgeOptions): Promise<void> {
    const { log, startEdge } = this.#parts;
    while (!this.#stopping) {
      try {
        this.#edge = await startEdge(options);
        return log({ level: 'info', event: 'edge.started-anew' });
      } catch (error) {
        log({ level: 'error', event: 'edge.start-failed', why: String(error) });
      }
      await delay(RESTART_DELAY_MS);
    }
  }
}
