import { isIP } from 'node:net';

import { z } from 'zod';

import { LOG_LEVELS } from '../observe/log.ts';
import { EMPTY_FILE, isMapping, readConfigFile } from './config_file.ts';
import type { ConfigFile, ConfigProblems } from './config_file.ts';
import { clientFileProblems, withClientVariables } from './configured_clients.ts';
import { CLIENTS, MAX_WORKERS, SECRET_SETTINGS, SETTINGS } from './settings.ts';
import type { Setting } from './settings.ts';
import { parseIpv4Prefix } from '../net/ipv4_prefix.ts';

const port = z.int().min(0).max(65_535);
const seconds = z
  .int()
  .min(1)
  .max(86_400 * 365);
const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const hostName = z
  .string()
  .max(253)
  .regex(new RegExp(`^${label}(\\.${label})*$`));
const region = z.string().regex(/^[A-Za-z0-9-]{1,32}$/);
const prefix = z.string().refine((text) => !('reason' in parseIpv4Prefix(text)));
const ipAddress = z.string().refine((text) => isIP(text) !== 0);
const ipNetwork = z.union([ipAddress, z.cidrv4(), z.cidrv6()]);
const countryCode = z.string().regex(/^[A-Z]{2}$/);
const continentCode = z.string().regex(/^(AF|AN|AS|EU|NA|OC|SA)$/);
/** RFC 3986 unreserved: the same whether or not a client form-encodes Basic credentials (RFC 6749 2.3.1). */
const unreserved = z.string().regex(/^[A-Za-z0-9._~-]{1,128}$/);
const clientSecret = unreserved.min(8);

const configSchema = z.strictObject({
  api: z
    .strictObject({
      host: ipAddress.default('127.0.0.1'),
      port: port.default(8080),
      trustedProxies: z.array(ipNetwork).default([]),
    })
    .prefault({}),
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
      maxTransactions: z.int().min(1).max(100_000_000).default(400_000),
      logDecisions: z.boolean().default(false),
    })
    .prefault({}),
  nextHop: z
    .strictObject({ host: hostName.default('127.0.0.1'), port: port.min(1).default(5080) })
    .prefault({}),
  database: z.string().min(1).default(':memory:'),
  nonceLifetimeSeconds: seconds.default(300),
  tokenLifetimeSeconds: seconds.default(3600),
  regions: z
    .array(region)
    .min(1)
    .refine((list) => new Set(list).size === list.length)
    .default(['US', 'EU']),
  regionTable: z.array(z.strictObject({ prefix, region })).default([]),
  regionDatabase: z
    .strictObject({
      file: z.string().min(1).optional(),
      countries: z.record(countryCode, region).default({}),
      continents: z.record(continentCode, region).default({}),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
  metrics: z.strictObject({ host: ipAddress.default('127.0.0.1'), port: port.optional() }).prefault({}),
  audit: z.strictObject({ retentionDays: z.int().min(1).max(36_500).default(365) }).prefault({}),
  account: unreserved.default('9900000'),
  client: z.strictObject({ id: unreserved.optional(), secret: clientSecret.optional() }).prefault({}),
  clients: z.array(z.strictObject({ account: unreserved, id: unreserved, secret: clientSecret })).default([]),
});

/**
 * How one instance runs; of `client`, id and secret are both there or neither is. Port 0 lets the kernel choose;
 * `regionTable` is in order, and the first prefix that holds a source decides; where none does, `regionDatabase.file`
 * does by country first, then by continent. Without `metrics.port` the API serves the metrics.
 */
export type Config = z.infer<typeof configSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration from a YAML or JSON file, where one is named, and from the variables VOICE_EDGE_*, which win.
 * Every mistake is reported, not the first alone.
 */
export function readConfig(environment: Environment, file?: string): Config | ConfigProblems {
  const source = file === undefined ? EMPTY_FILE : readConfigFile(file);
  if ('problems' in source) return source;
  const raw = structuredClone(source.content);
  raw[CLIENTS] = withClientVariables(raw[CLIENTS], environment);
  for (const { path, variable, fromText } of SETTINGS) {
    const text = environment[variable];
    if (text !== undefined) put(raw, path.split('.'), fromText === undefined ? text : fromText(text));
  }
  const parsed = configSchema.safeParse(raw);
  const problems = [
    ...unknownVariables(environment),
    ...secretsInFile(source),
    ...clientFileProblems(source.content[CLIENTS], source.place, environment),
    ...(parsed.success ? crossProblems(parsed.data, environment, source) : []),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(issue, environment, source))),
  ];
  if (problems.length > 0) return { problems: [...new Set(problems)] };
  if (!parsed.success) throw new Error('a configuration was refused without a problem');
  return parsed.data;
}

function put(target: Record<string, unknown>, [first = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = (target[first] ??= {});
  // A section that is no mapping is the file's mistake: left as it is, the schema names it.
  if (isMapping(inner)) put(inner, rest, value);
}

function problemOf(issue: z.core.$ZodIssue, environment: Environment, file: ConfigFile): string {
  if (issue.code === 'unrecognized_keys') {
    const place = file.place([...issue.path, ...issue.keys.slice(0, 1)]);
    return `${place} is not a setting: known are ${SETTINGS.map(({ path }) => path).join(', ')}`;
  }
  const dotted = issue.path.join('.');
  const setting = SETTINGS.find(({ path }) => dotted === path || dotted.startsWith(`${path}.`));
  if (setting === undefined) return `${file.place(issue.path)} must be a mapping of settings`;
  const text = SECRET_SETTINGS.includes(setting.path) ? undefined : environment[setting.variable];
  const found = text === undefined ? '' : `, not "${text}"`;
  return `${placeOf(setting, issue.path, environment, file)} must be ${setting.expected}${found}`;
}

function placeOf(
  { variable }: Setting,
  issuePath: readonly PropertyKey[],
  environment: Environment,
  file: ConfigFile,
): string {
  return environment[variable] === undefined ? file.place(issuePath) : variable;
}

function unknownVariables(environment: Environment): string[] {
  const known = new Set(SETTINGS.map(({ variable }) => variable));
  return Object.keys(environment)
    .filter((name) => name.startsWith('VOICE_EDGE_') && !known.has(name))
    .map((name) => `${name} is not a setting: known are ${[...known].join(', ')}`);
}

function secretsInFile({ content, place }: ConfigFile): string[] {
  const client = content['client'];
  if (!isMapping(client) || !('secret' in client)) return [];
  return [
    `${place(['client', 'secret'])} must not stand in a file: set VOICE_EDGE_CLIENT_SECRET and remove it here`,
  ];
}

/** What single settings cannot show: settings that contradict one another. */
function crossProblems(config: Config, environment: Environment, file: ConfigFile): string[] {
  const problems: string[] = [];
  const tableFromEnvironment = environment['VOICE_EDGE_REGION_TABLE'] !== undefined;
  for (const [index, entry] of config.regionTable.entries()) {
    if (config.regions.includes(entry.region)) continue;
    const place = tableFromEnvironment
      ? 'VOICE_EDGE_REGION_TABLE'
      : file.place(['regionTable', index, 'region']);
    problems.push(`${place} names ${entry.region}, which is not one of the regions: add it to regions`);
  }
  problems.push(...regionDatabaseProblems(config, environment, file));
  const { id, secret } = config.client;
  if (id !== undefined && secret === undefined) {
    problems.push('the client id comes without a secret: set VOICE_EDGE_CLIENT_SECRET too, or neither');
  }
  if (id === undefined && secret !== undefined) {
    problems.push('VOICE_EDGE_CLIENT_SECRET comes without an id: set VOICE_EDGE_CLIENT_ID too, or neither');
  }
  const ids = [...(id === undefined ? [] : [id]), ...config.clients.map((client) => client.id)];
  const twice = ids.find((one, index) => ids.indexOf(one) !== index);
  if (twice !== undefined) problems.push(`two clients have the id ${twice}: give each its own`);
  return problems;
}

/** A database says countries and continents; which region each belongs to only the configuration can say. */
function regionDatabaseProblems(config: Config, environment: Environment, file: ConfigFile): string[] {
  const { file: database, countries, continents } = config.regionDatabase;
  const maps = [
    { key: 'countries', variable: 'VOICE_EDGE_REGION_COUNTRIES', regions: Object.entries(countries) },
    { key: 'continents', variable: 'VOICE_EDGE_REGION_CONTINENTS', regions: Object.entries(continents) },
  ] as const;
  const problems = maps.flatMap(({ key, variable, regions }) =>
    regions
      .filter(([, name]) => !config.regions.includes(name))
      .map(([code, name]) => {
        const path = ['regionDatabase', key, code];
        const place = environment[variable] === undefined ? file.place(path) : variable;
        return `${place} names ${name}, which is not one of the regions: add it to regions`;
      }),
  );
  const isMapped = maps.some(({ regions }) => regions.length > 0);
  if (database !== undefined && !isMapped) {
    problems.push(
      'regionDatabase.file (VOICE_EDGE_REGION_DATABASE) says countries, not regions: set regionDatabase.countries or regionDatabase.continents too',
    );
  }
  if (database === undefined && isMapped) {
    problems.push(
      'regionDatabase.countries and continents have no database to be looked up in: set regionDatabase.file (VOICE_EDGE_REGION_DATABASE) too',
    );
  }
  return problems;
}
