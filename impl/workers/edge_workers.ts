import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Config } from '../config/config.ts';
import { EdgeError } from '../edge/edge_error.ts';
import { EDGE_METRICS } from '../edge/edge_metrics.ts';
import type { Log } from '../observe/log.ts';
import type { Sample } from '../observe/metric.ts';
import type { WorkerFailure, WorkerNews, WorkerNotice, WorkerOrder } from './edge_worker.ts';
import { assertFree, innerPortsOf } from './inner_ports.ts';
import { WorkerFigures } from './worker_figures.ts';

const WORKER = fileURLToPath(new URL('edge_worker.ts', import.meta.url));
/** How long to wait before a worker that could not start is started again. */
const RESTART_DELAY_MS = 1000;
/** How long after the drain a worker is killed that has not ended. */
const STOP_GRACE_MS = 2000;

/** Several edges on one address, each in its own process. */
export interface EdgeWorkers {
  readonly address: { readonly host: string; readonly port: number };
  /** The workers by place: the current process, and the port on which the voice platform reaches it. */
  readonly places: readonly { readonly pid: number | undefined; readonly innerPort: number }[];
  /** The figures of all workers, summed up. */
  samples(): Promise<Sample[]>;
  /** Resolves if all serving workers answer. Rejects if one of them does not, or if there is none. */
  answer(): Promise<void>;
  /** Replaces each worker by a new one, one after the other. Calls that are established go on. */
  startAnew(): Promise<void>;
  /** Lets every worker drain and end. A second call waits for the first. */
  stop(): Promise<void>;
}

/** One place among the workers: its current process, and its port, which a new process takes over. */
interface Place {
  readonly index: number;
  innerPort: number;
  child: ChildProcess | undefined;
  isServing: boolean;
  /** Whether it was asked to end so that a new one takes its place. */
  isLeaving: boolean;
  /** Resolves when a new worker serves there. */
  replaced: Promise<void> | undefined;
}

/**
 * Starts `count` edges that share the address by SO_REUSEPORT. They are processes, not threads, so that what ends one
 * (out of memory, a bug of the runtime) does not end the others; a lost one is replaced. If one cannot start, it stops
 * them all and rejects with an EdgeError or the error of the store.
 */
export async function startEdgeWorkers(config: Config, count: number, log: Log): Promise<EdgeWorkers> {
  const workers = new Workers(config, log);
  await workers.start(count);
  return workers;
}

class Workers implements EdgeWorkers {
  readonly #config: Config;
  readonly #log: Log;
  readonly #figures = new WorkerFigures<ChildProcess>(
    (child) => tell(child, { kind: 'figures' }),
    EDGE_METRICS,
  );
  #places: Place[] = [];
  #port = 0;
  /** Whether workers came or went, so that packets may reach a worker that does not have their transaction. */
  #dealtAnew = false;
  #stopping: Promise<void> | undefined;

  constructor(config: Config, log: Log) {
    this.#config = config;
    this.#log = log;
  }

  get address(): { host: string; port: number } {
    return { host: this.#config.sip.host, port: this.#port };
  }

  get places(): { pid: number | undefined; innerPort: number }[] {
    return this.#places.map(({ child, innerPort }) => ({ pid: child?.pid, innerPort }));
  }

  async start(count: number): Promise<void> {
    const { host, port } = this.#config.sip;
    // A shared bind succeeds even if another program has the port, so probe without sharing.
    if (port !== 0) await assertFree(host, port);
    this.#port = port;
    const innerPorts = await innerPortsOf(this.#config.sip, count, this.#log);
    this.#places = innerPorts.map((innerPort, index) => ({
      index,
      innerPort,
      child: undefined,
      isServing: false,
      isLeaving: false,
      replaced: undefined,
    }));
    try {
      // One after the other: if the kernel chooses the port, the first worker learns it for all.
      for (const place of this.#places) await this.#fill(place);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  samples(): Promise<Sample[]> {
    return this.#figures.samples();
  }

  answer(): Promise<void> {
    return this.#figures.answer();
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async startAnew(): Promise<void> {
    for (const place of this.#places) {
      if (place.child === undefined || this.#stopping !== undefined) continue;
      place.isLeaving = true;
      await end(place.child, 0);
      await place.replaced;
      place.isLeaving = false;
    }
  }

  async #stop(): Promise<void> {
    const { drainSeconds } = this.#config.sip;
    await Promise.all(this.#places.map(async ({ child }) => child && end(child, drainSeconds * 1000)));
  }

  /** Starts a worker at its place; resolves when it serves. */
  async #fill(place: Place): Promise<void> {
    const child = fork(WORKER, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    place.child = child;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    child.on('message', (news: WorkerNews) => {
      if (news.kind === 'log') return this.#log({ worker: place.index, ...news.entry });
      if (news.kind === 'figures') return this.#figures.heard(child, news.samples);
      if (news.kind === 'failed') return reject(startError(news.failure));
      this.#port = news.port;
      place.innerPort = news.innerPort;
      resolve();
    });
    child.on('error', reject);
    child.once('exit', (code, signal) => {
      if (place.child === child) place.child = undefined;
      reject(new Error(`an edge worker ended with ${signal ?? code} before it served`));
    });
    if (child.pid === undefined) {
      // No process or descriptor was left for it. The error event says so; no exit event will.
      place.child = undefined;
      return promise;
    }
    const { host } = this.#config.sip;
    const sip = { ...this.#config.sip, host, port: this.#port };
    const order: WorkerOrder = { config: { ...this.#config, sip }, innerPort: place.innerPort };
    // A child that has just ended cannot hear it; its exit event follows.
    child.send(order, () => undefined);
    // Before it serves, as from then on it gets packets that went to other workers until now.
    this.#tellOfSiblings();
    await promise;
    place.isServing = true;
    this.#figures.serves(child);
    child.once('exit', (code, signal) => {
      this.#figures.ended(child, this.#stopping === undefined && !place.isLeaving);
      this.#lost(place, signal ?? code);
    });
    this.#tellOfSiblings();
  }

  #tellOfSiblings(): void {
    const ports = this.#places.filter(({ isServing }) => isServing).map(({ innerPort }) => innerPort);
    const notice = { kind: 'siblings', ports, dealtAnew: this.#dealtAnew } as const;
    for (const { child } of this.#places) if (child !== undefined) tell(child, notice);
  }

  #lost(place: Place, how: string | number | null): void {
    place.isServing = false;
    this.#dealtAnew = true;
    if (this.#stopping !== undefined) return this.#tellOfSiblings();
    if (!place.isLeaving) this.#log({ level: 'error', event: 'edge.worker-lost', worker: place.index, how });
    place.replaced = this.#replace(place);
  }

  async #replace(place: Place): Promise<void> {
    while (this.#stopping === undefined) {
      try {
        await this.#fill(place);
        this.#log({ level: 'info', event: 'edge.worker-replaced', worker: place.index });
        return;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        this.#log({ level: 'error', event: 'edge.worker-failed', worker: place.index, why });
      }
      await delay(RESTART_DELAY_MS, undefined, { ref: false });
    }
  }
}

/** Asks a worker to end, lets it drain for so long, and kills it if it has not ended soon after. */
async function end(child: ChildProcess, drainMs: number): Promise<void> {
  const kill = setTimeout(() => child.kill('SIGKILL'), drainMs + STOP_GRACE_MS);
  const ended = once(child, 'exit');
  tell(child, { kind: 'stop', drains: drainMs > 0 });
  await ended;
  clearTimeout(kill);
}

/** Sends a notice. A worker that has just ended cannot hear it; its `exit` event follows. */
function tell(child: ChildProcess, notice: WorkerNotice): void {
  if (child.connected) child.send(notice, () => undefined);
}

function startError({ message, code, edgeError }: WorkerFailure): Error {
  if (edgeError === undefined) return Object.assign(new Error(message), { code });
  const { address: host, port } = edgeError;
  const at = host === undefined || port === undefined ? undefined : { host, port };
  return new EdgeError(edgeError.code, edgeError.subject, at);
}
