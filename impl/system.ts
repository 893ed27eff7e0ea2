import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import packageDescription from '../package.json' with { type: 'json' };
import { applyPatch } from './api/application_patch.ts';
import { bootstrapClients, type ClientSecret, type ConfiguredClient } from './api/bootstrap_client.ts';
import { callbackRefusal } from './api/callback_url.ts';
import { startMetricsListener } from './api/metrics_endpoint.ts';
import { Readiness } from './api/readiness.ts';
import { startApi } from './api/server.ts';
import type { Config } from './config/config.ts';
import { startEdge } from './edge/edge.ts';
import { EDGE_METRICS } from './edge/edge_metrics.ts';
import type { Log } from './observe/log.ts';
import { LOG_METRICS, logSamples } from './observe/log_writer.ts';
import { serviceMetrics } from './observe/service_metrics.ts';
import { systemClock, type Clock } from './runtime/clock.ts';
import { systemRandom, type Random } from './runtime/random.ts';
import { openStore } from './store/open_store.ts';
import { IN_MEMORY } from './store/sqlite/sqlite_store.ts';
import type { Store } from './store/store.ts';
import { edgeOptions, workerCount } from './workers/configured_edge.ts';
import { startEdgeWorkers, type EdgeWorkers } from './workers/edge_workers.ts';
import { LoneEdge } from './workers/lone_edge.ts';

/** Octets of a SIP password: 144 bits, 24 characters. */
const PASSWORD_OCTETS = 18;

/** The system's parts. Each can be replaced alone (faults, tests); the real ones are the default. */
export interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly newUuid: () => string;
  readonly log: Log;
  /** How many lines of the log were dropped. */
  readonly droppedLines: () => number;
  readonly openStore: typeof openStore;
  readonly applyPatch: typeof applyPatch;
  readonly startApi: typeof startApi;
  readonly startEdge: typeof startEdge;
  readonly startEdgeWorkers: typeof startEdgeWorkers;
}

const REAL_PARTS: Parts = {
  clock: systemClock,
  random: systemRandom,
  newUuid: () => randomUUID(),
  log: () => undefined,
  droppedLines: () => 0,
  openStore,
  applyPatch,
  startApi,
  startEdge,
  startEdgeWorkers,
};

/** A running system. */
export interface System {
  readonly apiUrl: string;
  readonly sipAddress: { readonly host: string; readonly port: number };
  /** The client that this start made because there was none. Its secret is kept nowhere else. */
  readonly generatedClient: ClientSecret | undefined;
  /**
   * Starts the signaling edge anew, with its region database read again: it forgets everything that is neither in the
   * store nor in the routes of established calls.
   */
  startEdgeAnew(): Promise<void>;
  /** Drains the edge, lets API calls in progress end, then closes the store. A second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and starts them. Rejects with node's error if the store cannot be opened or an address
 * cannot be bound; then nothing is left running.
 */
export async function startSystem(asked: Config, overrides: Partial<Parts> = {}): Promise<System> {
  const parts: Parts = { ...REAL_PARTS, ...overrides };
  const { clock, random, newUuid, log } = parts;
  const now = (): number => clock.wall();
  const randomBytes = (size: number): Buffer => random.bytes(size);

  await using starting = new AsyncDisposableStack();
  const config = await withSharedStore(asked, starting);
  const store = await parts.openStore(config, now);
  starting.defer(() => store.close());
  const generatedClient = await bootstrapClients(store.clients, {
    account: config.account,
    configured: configuredClients(config),
    randomBytes,
  });

  const edge = await startSignaling(config, store, parts);
  starting.defer(() => edge.stop());

  const needed = [
    { name: 'store', answer: () => store.ping() },
    { name: 'signaling edge', answer: () => edge.answer() },
  ];
  const readiness = new Readiness(needed, log);
  const metrics = serviceMetrics({
    tiers: [
      { catalogue: EDGE_METRICS, samples: () => edge.samples() },
      { catalogue: LOG_METRICS, samples: async () => logSamples(parts.droppedLines()) },
    ],
    version: packageDescription.version,
  });
  const { host, port } = config.metrics;
  if (port !== undefined) {
    const listener = await startMetricsListener({ host, port }, { metrics, newUuid });
    starting.defer(() => listener.stop());
    log({ level: 'info', event: 'metrics.listening', ...listener.address });
  }

  const api = await parts.startApi({
    listen: config.api,
    trustedProxies: config.api.trustedProxies,
    applications: store.applications,
    clients: store.clients,
    audit: store.audit,
    notReady: () => readiness.problem(),
    metrics,
    servesMetrics: port === undefined,
    applyPatch: parts.applyPatch,
    token: {
      keys: store.tokenKeys,
      lifetimeSeconds: config.tokenLifetimeSeconds,
    },
    domain: config.sip.domain,
    regions: config.regions,
    newUuid,
    newPassword: () => random.bytes(PASSWORD_OCTETS).toString('base64url'),
    callbackRefusal: callbackRefusal(config.api.callbackHosts),
    now,
    monotonic: () => clock.monotonic(),
    randomBytes,
    log,
  });
  starting.defer(() => api.stop());

  const running = starting.move();
  return {
    apiUrl: api.url,
    sipAddress: edge.address,
    generatedClient,
    startEdgeAnew: () => edge.startAnew(),
    async stop() {
      readiness.stopping();
      // While calls drain, the API reports that it is not ready and still serves the metrics.
      await edge.stop();
      await running.disposeAsync();
    },
  };
}

/** Starts the edge in this process, or several workers. */
async function startSignaling(
  config: Config,
  store: Store,
  { clock, random, log, startEdge: start, startEdgeWorkers: startWorkers }: Parts,
): Promise<LoneEdge | EdgeWorkers> {
  const count = workerCount(config);
  if (count > 1) return startWorkers(config, count, log);
  return LoneEdge.start({
    options: async () => ({ ...(await edgeOptions(config, store, { random, log })), clock }),
    startEdge: start,
    log,
  });
}

/** Only one process can use a store in memory, so several workers get a file, which is removed at the stop. */
async function withSharedStore(config: Config, starting: AsyncDisposableStack): Promise<Config> {
  if (config.database !== IN_MEMORY || workerCount(config) === 1) return config;
  const folder = await mkdtemp(join(tmpdir(), 'voice-edge-'));
  starting.defer(() => rm(folder, { recursive: true }));
  return { ...config, database: join(folder, 'store.db') };
}

function configuredClients({ account, client, clients }: Config): ConfiguredClient[] {
  const { id, secret } = client;
  return id === undefined || secret === undefined ? [...clients] : [{ account, id, secret }, ...clients];
}
