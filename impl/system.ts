import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { applyPatch } from './api/application_patch.ts';
import { bootstrapClient, type ClientSecret } from './api/bootstrap_client.ts';
import type { Log } from './api/log.ts';
import { startApi } from './api/server.ts';
import type { Config } from './config.ts';
import { startEdge, type Edge } from './edge/edge.ts';
import { edgeOptions, workerCount } from './edge_options.ts';
import { startEdgeWorkers } from './edge_workers.ts';
import { systemClock, type Clock } from './sip/clock.ts';
import { systemRandom, type Random } from './sip/random.ts';
import { IN_MEMORY, openSqliteStore } from './store/sqlite_store.ts';
import type { Store } from './store/store.ts';

/** Octets of a SIP password: 144 bits, 24 characters. */
const PASSWORD_OCTETS = 18;
const KEY_OCTETS = 32;

/** What the system is made of. Each part can be replaced alone; the real ones are the default. */
export interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly newUuid: () => string;
  readonly log: Log;
  readonly openStore: typeof openSqliteStore;
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
  openStore: openSqliteStore,
  applyPatch,
  startApi,
  startEdge,
  startEdgeWorkers,
};

/** A running system. */
export interface System {
  readonly apiUrl: string;
  readonly sipAddress: { readonly host: string; readonly port: number };
  /** The client made at this start because there was none; its secret is nowhere else. */
  readonly generatedClient: ClientSecret | undefined;
  /** Ends the calls on the API, then the signaling, then closes the store. A second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and starts them: the one place where that happens. Rejects with node's error where the
 * store cannot be opened or an address cannot be had; then nothing is left running.
 */
export async function startSystem(asked: Config, overrides: Partial<Parts> = {}): Promise<System> {
  const parts: Parts = { ...REAL_PARTS, ...overrides };
  const { clock, random, newUuid, log } = parts;
  const now = (): number => clock.wall();
  const randomBytes = (size: number): Buffer => random.bytes(size);
  const newKey = (): Buffer => random.bytes(KEY_OCTETS);

  await using starting = new AsyncDisposableStack();
  const config = await withSharedStore(asked, starting);
  const store = await parts.openStore(config.database, now);
  starting.defer(() => store.close());
  const generatedClient = await bootstrapClient(store.clients, {
    account: config.account,
    client: configuredClient(config),
    randomBytes,
  });

  const edge = await startSignaling(config, store, parts);
  starting.defer(() => edge.stop());

  const api = await parts.startApi({
    listen: config.api,
    applications: store.applications,
    clients: store.clients,
    ready: () => store.ping(),
    applyPatch: parts.applyPatch,
    token: {
      key: await store.keys.getOrCreate('token-signing', newKey),
      lifetimeSeconds: config.tokenLifetimeSeconds,
    },
    domain: config.sip.domain,
    regions: config.regions,
    newUuid,
    newPassword: () => random.bytes(PASSWORD_OCTETS).toString('base64url'),
    now,
    randomBytes,
    log,
  });
  starting.defer(() => api.stop());

  const running = starting.move();
  return {
    apiUrl: api.url,
    sipAddress: edge.address,
    generatedClient,
    stop: () => running.disposeAsync(),
  };
}

type Signaling = Pick<Edge, 'address' | 'stop'>;

/** The edge in this process, or in several of their own. */
async function startSignaling(config: Config, store: Store, parts: Parts): Promise<Signaling> {
  const { clock, random, log } = parts;
  const count = workerCount(config);
  if (count > 1) return parts.startEdgeWorkers(config, count, log);
  return parts.startEdge({ ...(await edgeOptions(config, store, { random, log })), clock });
}

/** A store in memory is one process's own: several share a file, which ends with them. */
async function withSharedStore(config: Config, starting: AsyncDisposableStack): Promise<Config> {
  if (config.database !== IN_MEMORY || workerCount(config) === 1) return config;
  const folder = await mkdtemp(join(tmpdir(), 'voice-edge-'));
  starting.defer(() => rm(folder, { recursive: true }));
  return { ...config, database: join(folder, 'store.db') };
}

function configuredClient({ client }: Config): ClientSecret | undefined {
  const { id, secret } = client;
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
