import { availableParallelism } from 'node:os';

import type { Config } from '../config/config.ts';
import type { EdgeOptions } from '../edge/edge_options.ts';
import { defaultMemoryLimits, type MemoryLimits } from '../edge/memory_limits.ts';
import { readRegionDatabase } from '../edge/region_database.ts';
import { regionLookup } from '../edge/regions.ts';
import type { Log } from '../observe/log.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';

const KEY_OCTETS = 32;

/** How many edge workers the configuration asks for. */
export function workerCount({ sip }: Config): number {
  return sip.workers === 'auto' ? availableParallelism() : sip.workers;
}

/**
 * The edge's options from the configuration. Its nonce key is kept in the store, the same for every process that opens
 * it. Rejects with a RegionDatabaseError.
 */
export async function edgeOptions(
  config: Config,
  store: Pick<Store, 'inbound' | 'keys'>,
  { random, log }: { readonly random: Random; readonly log: Log },
): Promise<EdgeOptions> {
  const { sip } = config;
  return {
    listen: { host: sip.host, port: sip.port },
    realm: sip.domain,
    platform: config.platform,
    directory: store.inbound,
    regionOf: await configuredRegions(config, log),
    nonce: {
      key: await store.keys.getOrCreate('nonce-hmac', () => random.bytes(KEY_OCTETS)),
      lifetimeMs: config.nonceLifetimeSeconds * 1000,
    },
    drainMs: sip.drainSeconds * 1000,
    maxLagMs: sip.maxLagMs,
    memory: memoryLimits(config),
    // Logging is on the path of every message: do not write what the log level would hide.
    logsDecisions: sip.logDecisions && logsInfo(config),
    log,
  };
}

async function configuredRegions(
  { regionTable, regionDatabase: { file, ...mapped } }: Config,
  log: Log,
): Promise<(source: number) => string | undefined> {
  if (file === undefined) return regionLookup(regionTable);
  const { ranges, unused } = await readRegionDatabase({ file, ...mapped });
  if (unused.length > 0) log({ level: 'warn', event: 'regions.codes-without-address', file, codes: unused });
  return regionLookup(regionTable, ranges);
}

function memoryLimits({ sip }: Config): MemoryLimits {
  const { calls, strangers } = defaultMemoryLimits();
  return {
    calls: octetsOf(sip.callMemoryMb) ?? calls,
    strangers: octetsOf(sip.strangerMemoryMb) ?? strangers,
  };
}

function octetsOf(megabytes: number | undefined): number | undefined {
  return megabytes === undefined ? undefined : megabytes * 2 ** 20;
}

function logsInfo({ log: { level } }: Config): boolean {
  return level === 'info' || level === 'debug';
}
