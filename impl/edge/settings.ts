import { z } from 'zod';

import { parseIpv4Prefix } from '../net/ipv4_prefix.ts';
import {
  flag,
  hostName,
  list,
  pairs,
  port,
  PORT,
  seconds,
  SECONDS,
  setting,
  wholeNumber,
  type Place,
  type TierSettings,
} from '../runtime/setting.ts';

/** Each worker is a process of about 60 MB. */
const MAX_WORKERS = 64;

const region = z.string().regex(/^[A-Za-z0-9-]{1,32}$/);
const prefix = z.string().refine((text) => !('reason' in parseIpv4Prefix(text)));
const megabytes = z.int().min(1).max(1_000_000);
const countryCode = z.string().regex(/^[A-Z]{2}$/);
const continentCode = z.string().regex(/^(AF|AN|AS|EU|NA|OC|SA)$/);

/**
 * `sip.port` 0 lets the kernel choose. `regionTable` is ordered: the first prefix that holds a source decides. If none
 * does, `regionDatabase.file` decides, by country first, then by continent.
 */
const shape = {
  sip: z
    .strictObject({
      host: z
        .ipv4()
        .refine((text) => text !== '0.0.0.0')
        .default('127.0.0.1'),
      port: port.default(6160),
      domain: hostName.default('sip-uri.voice-api.example'),
      innerPort: port.default(0),
      workers: z.union([z.literal('auto'), z.int().min(1).max(MAX_WORKERS)]).default(1),
      drainSeconds: z.int().min(0).max(3600).default(5),
      maxLagMs: z.int().min(10).max(60_000).default(400),
      callMemoryMb: megabytes.optional(),
      strangerMemoryMb: megabytes.optional(),
      logDecisions: z.boolean().default(false),
    })
    .prefault({}),
  platform: z
    .strictObject({ host: hostName.default('127.0.0.1'), port: port.min(1).default(5080) })
    .prefault({}),
  nonceLifetimeSeconds: seconds.default(300),
  regions: z
    .array(region)
    .min(1)
    .refine((names) => new Set(names).size === names.length)
    .default(['US', 'EU']),
  regionTable: z.array(z.strictObject({ prefix, region })).default([]),
  regionDatabase: z
    .strictObject({
      file: z.string().min(1).optional(),
      countries: z.record(countryCode, region).default({}),
      continents: z.record(continentCode, region).default({}),
    })
    .prefault({}),
};

type EdgeConfig = z.infer<z.ZodObject<typeof shape>>;

const table = (text: string): unknown[] =>
  pairs(text).map(([left, right]) => ({ prefix: left, region: right }));
const mapping = (text: string): unknown => Object.fromEntries(pairs(text));

/** The settings of the signaling edge. */
export const edgeSettings = {
  shape,
  settings: [
    setting('sip.host', 'SIP_HOST', 'the one IPv4 address callers reach the service at (0.0.0.0 is none)'),
    setting('sip.port', 'SIP_PORT', PORT, wholeNumber),
    setting('sip.domain', 'SIP_DOMAIN', 'a host name in lower case, such as sip-uri.voice-api.example'),
    setting(
      'sip.innerPort',
      'SIP_INNER_PORT',
      'a port from 0 to 65535: with several workers, the first of the ports on which the voice platform reaches them; 0 for the ports after sip.port',
      wholeNumber,
    ),
    setting(
      'sip.workers',
      'WORKERS',
      `auto (one per processor) or a number from 1 to ${MAX_WORKERS}`,
      wholeNumber,
    ),
    setting(
      'sip.drainSeconds',
      'DRAIN_SECONDS',
      'the seconds that calls may go on after a stop, 0 to 3600',
      wholeNumber,
    ),
    setting(
      'sip.maxLagMs',
      'MAX_LAG_MS',
      'the milliseconds that the event loop may be late, several times in a row, before calls get 503, 10 to 60000',
      wholeNumber,
    ),
    setting(
      'sip.callMemoryMb',
      'CALL_MEMORY_MB',
      'megabytes that the transactions of a worker may hold before new calls get 503, from 1; half the heap if not set',
      wholeNumber,
    ),
    setting(
      'sip.strangerMemoryMb',
      'STRANGER_MEMORY_MB',
      'megabytes that requests of strangers may hold in a worker before they are answered without state, from 1; a sixteenth of the heap, at most 64, if not set',
      wholeNumber,
    ),
    setting('sip.logDecisions', 'LOG_DECISIONS', 'true (a log line per request) or false', flag),
    setting('platform.host', 'PLATFORM_HOST', 'the IPv4 address or the name of the voice platform'),
    setting('platform.port', 'PLATFORM_PORT', 'the port of the voice platform, 1 to 65535', wholeNumber),
    setting('nonceLifetimeSeconds', 'NONCE_LIFETIME_SECONDS', SECONDS, wholeNumber),
    setting('regions', 'REGIONS', 'region names, each once: [US, EU] in a file, US,EU in a variable', list),
    setting(
      'regionTable',
      'REGION_TABLE',
      'canonical IPv4 prefixes with a region: [{prefix: 203.0.113.0/25, region: US}] in a file, 203.0.113.0/25=US,… in a variable',
      table,
    ),
    setting(
      'regionDatabase.file',
      'REGION_DATABASE',
      'the path of a country database in MaxMind format (.mmdb), for sources the table does not hold; read at the start',
    ),
    setting(
      'regionDatabase.countries',
      'REGION_COUNTRIES',
      'ISO 3166-1 country codes with a region: {US: US, DE: EU} in a file, US=US,DE=EU in a variable',
      mapping,
    ),
    setting(
      'regionDatabase.continents',
      'REGION_CONTINENTS',
      'continent codes (AF AN AS EU NA OC SA) with a region, for countries that are not listed: {EU: EU} in a file, EU=EU in a variable',
      mapping,
    ),
  ],
  problems: (config, place) => [
    ...regionTableProblems(config, place),
    ...regionDatabaseProblems(config, place),
  ],
} satisfies TierSettings<typeof shape>;

function regionTableProblems({ regionTable, regions }: EdgeConfig, place: Place): string[] {
  return [...regionTable.entries()]
    .filter(([, entry]) => !regions.includes(entry.region))
    .map(([index, entry]) => unknownRegion(place(['regionTable', index, 'region']), entry.region));
}

/** A database holds countries and continents; only the configuration can say to which region each belongs. */
function regionDatabaseProblems({ regionDatabase, regions }: EdgeConfig, place: Place): string[] {
  const maps = (['countries', 'continents'] as const).map((key) => ({
    key,
    named: Object.entries(regionDatabase[key]),
  }));
  const problems = maps.flatMap(({ key, named }) =>
    named
      .filter(([, name]) => !regions.includes(name))
      .map(([code, name]) => unknownRegion(place(['regionDatabase', key, code]), name)),
  );
  const isMapped = maps.some(({ named }) => named.length > 0);
  if (regionDatabase.file !== undefined && !isMapped) {
    problems.push(
      'regionDatabase.file (VOICE_EDGE_REGION_DATABASE) says countries, not regions: set regionDatabase.countries or regionDatabase.continents too',
    );
  }
  if (regionDatabase.file === undefined && isMapped) {
    problems.push(
      'regionDatabase.countries and continents have no database to be looked up in: set regionDatabase.file (VOICE_EDGE_REGION_DATABASE) too',
    );
  }
  return problems;
}

function unknownRegion(place: string, name: string): string {
  return `${place} names ${name}, which is not one of the regions: add it to regions`;
}
