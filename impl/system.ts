import { randomUUID } from 'node:crypto';

import { applyPatch } from './api/application_patch.ts';
import { bootstrapClient, type ClientSecret } from './api/bootstrap_client.ts';
import type { Log } from './api/log.ts';
import { startApi } from './api/server.ts';
import type { Config } from './config.ts';
import { startEdge } from './edge/edge.ts';
import { regionLookup } from './edge/regions.ts';
import { systemClock, type Clock } from './sip/clock.ts';
import { systemRandom, type Random } from './sip/random.ts';
import { openSqliteStore } from './store/sqlite_store.ts';

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
  readonly regionLookup: typeof regionLookup;
  readonly startEdge: typeof startEdge;
}

const REAL_PARTS: Parts = {
  clock: systemClock,
  random: systemRandom,
  newUuid: () => randomUUID(),
  log: () => undefined,
  openStore: openSqliteStore,
  applyPatch,
  startApi,
  regionLookup,
  startEdge,
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
export async function startSystem(config: Config, overrides: Partial<Parts> = {}): Promise<System> {
  const parts: Parts = { ...REAL_PARTS, ...overrides };
  const { clock, random, newUuid, log } = parts;
  const now = (): number => clock.wall();
  const randomBytes = (size: number): Buffer => random.bytes(size);
  const newKey = (): Buffer => random.bytes(KEY_OCTETS);

  await using starting = new AsyncDisposableStack();
  const store = await parts.openStore(config.database, now);
  starting.defer(() => store.close());
  const generatedClient = await bootstrapClient(store.clients, {
    account: config.account,
    client: configuredClient(config),
    randomBytes,
  });

  const edge = await parts.startEdge({
    listen: { host: config.sip.host, port: config.sip.port },
    realm: config.sip.domain,
    nextHop: config.nextHop,
    directory: store.inbound,
    regionOf: parts.regionLookup(config.regionTable),
    nonce: {
      key: await store.keys.getOrCreate('nonce-hmac', newKey),
      lifetimeMs: config.nonceLifetimeSeconds * 1000,
    },
    clock,
    random,
    log,
  });
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

function configuredClient({ client }: Config): ClientSecret | undefined {
  const { id, secret } = client;
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
