import type { Config } from '../config/config.ts';
import { startEdge, type Edge } from '../edge/edge.ts';
import { EdgeError } from '../edge/edge_error.ts';
import type { LogEntry } from '../observe/log.ts';
import type { Sample } from '../observe/metric.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import { openStore } from '../store/open_store.ts';
import { edgeOptions } from './configured_edge.ts';

/** The first message to a worker. */
export interface WorkerOrder {
  /** The service's configuration, with the port to listen on. The worker opens the store itself. */
  readonly config: Config;
  readonly innerPort: number;
}

/**
 * Later messages to a worker: the inner ports of all workers that serve, and whether workers came or went
 * (`dealtAnew`); a request for its figures; and when to stop, and whether to drain before.
 */
export type WorkerNotice =
  | { readonly kind: 'siblings'; readonly ports: readonly number[]; readonly dealtAnew: boolean }
  | { readonly kind: 'figures' }
  | { readonly kind: 'stop'; readonly drains: boolean };

/** The messages of a worker. */
export type WorkerNews =
  | { readonly kind: 'ready'; readonly port: number; readonly innerPort: number }
  | { readonly kind: 'failed'; readonly failure: WorkerFailure }
  | { readonly kind: 'figures'; readonly samples: readonly Sample[] }
  | { readonly kind: 'log'; readonly entry: LogEntry };

/** Why a worker did not start: an error in plain data, as a class does not pass between processes. */
export interface WorkerFailure {
  readonly message: string;
  readonly code: string | undefined;
  readonly edgeError: Pick<EdgeError, 'code' | 'subject' | 'address' | 'port'> | undefined;
}

const tell = (news: WorkerNews): void => void process.send?.(news);

/** Receives the notices after the order, also before there is an edge to pass them to. */
class Notices {
  readonly #stop = Promise.withResolvers<{ readonly drains: boolean }>();
  readonly stopAsked = this.#stop.promise;
  #siblings: Extract<WorkerNotice, { kind: 'siblings' }> = { kind: 'siblings', ports: [], dealtAnew: false };
  #edge: Edge | undefined;

  heard(notice: WorkerNotice): void {
    if (notice.kind === 'stop') this.#stop.resolve(notice);
    else if (notice.kind === 'siblings') this.#heardOfSiblings(notice);
  }

  /** Passes the siblings on to the edge, from now on and beginning with the latest. */
  passTo(edge: Edge): void {
    this.#edge = edge;
    this.#heardOfSiblings(this.#siblings);
  }

  #heardOfSiblings(notice: Extract<WorkerNotice, { kind: 'siblings' }>): void {
    this.#siblings = notice;
    this.#edge?.siblingsAre(notice.ports, notice.dealtAnew);
  }
}

async function work({ config, innerPort }: WorkerOrder, notices: Notices): Promise<void> {
  const log = (entry: LogEntry): void => tell({ kind: 'log', entry });
  const store = await openStore(config, () => systemClock.wall());
  const options = await edgeOptions(config, store, { random: systemRandom, log });
  const edge = await startEdge({ ...options, worker: { innerPort } });
  notices.passTo(edge);
  tell({ kind: 'ready', port: edge.address.port, innerPort: edge.innerPort });
  process.on('message', (notice: WorkerNotice) => {
    if (notice.kind === 'figures') tell({ kind: 'figures', samples: edge.samples() });
  });
  const { drains } = await notices.stopAsked;
  await edge.stop(drains ? undefined : 0);
  await store.close();
}

function failureOf(error: NodeJS.ErrnoException): WorkerFailure {
  const { message, code } = error;
  if (!(error instanceof EdgeError)) return { message, code, edgeError: undefined };
  return {
    message,
    code,
    edgeError: { code: error.code, subject: error.subject, address: error.address, port: error.port },
  };
}

process.once('message', (order: WorkerOrder) => {
  const notices = new Notices();
  process.on('message', (notice: WorkerNotice) => notices.heard(notice));
  work(order, notices)
    .catch((error: NodeJS.ErrnoException) => tell({ kind: 'failed', failure: failureOf(error) }))
    .finally(() => process.disconnect?.());
});
// Either the work is done, or the parent is gone, and with it the management API and whoever replaces lost workers.
process.once('disconnect', () => process.exit());
// The parent's standard error may be full or gone, and so may the disk of the store (setrlimit(2)): neither ends calls.
process.stderr.on('error', () => undefined);
process.on('SIGXFSZ', () => undefined);
// An interrupt goes to the whole process group, but the parent says when the workers stop.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
