import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

import { parseIpv4Prefix } from './store/ipv4_prefix.ts';

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
/** RFC 3986 unreserved: the same whether or not a client form-encodes Basic credentials (RFC 6749 2.3.1). */
const unreserved = z.string().regex(/^[A-Za-z0-9._~-]{1,128}$/);

/** Each worker is a process of 60 MB or so. */
const MAX_WORKERS = 64;

const configSchema = z.strictObject({
  api: z
    .strictObject({
      host: z
        .string()
        .refine((text) => isIP(text) !== 0)
        .default('127.0.0.1'),
      port: port.default(8080),
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
  account: unreserved.default('9900000'),
  client: z.strictObject({ id: unreserved.optional(), secret: unreserved.min(8).optional() }).prefault({}),
});

/**
 * How one instance runs; of `client`, id and secret are both there or neither is. Port 0 lets the kernel choose;
 * `regionTable` is in order, and the first prefix that holds a source decides.
 */
export type Config = z.infer<typeof configSchema>;

/** What is wrong with a configuration, one text a mistake: the place, the reason, the mend. */
export interface ConfigProblems {
  readonly problems: readonly string[];
}

interface Setting {
  /** Its place in the file: `sip.port`. */
  readonly path: string;
  readonly variable: string;
  /** What is right, as the end of "must be …". */
  readonly expected: string;
  /** Reads a variable's text; the text itself where this is absent. */
  readonly fromText?: (text: string) => unknown;
}

const number = (text: string): unknown => (/^\d+$/.test(text) ? Number(text) : text);
const flag = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);
const list = (text: string): string[] =>
  text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
const table = (text: string): unknown[] =>
  list(text).map((entry) => {
    const [left = '', right = ''] = entry.split('=');
    return { prefix: left.trim(), region: right.trim() };
  });

const PORT = 'a port from 0 to 65535, 0 to let the kernel choose';
const SECONDS = 'a whole number of seconds, at least 1';
const CLIENT_SECRET = 'client.secret';

const SETTINGS: readonly Setting[] = (
  [
    ['api.host', 'API_HOST', 'an IP address to listen on'],
    ['api.port', 'API_PORT', PORT, number],
    ['sip.host', 'SIP_HOST', 'the one IPv4 address callers reach the service at (0.0.0.0 is none)'],
    ['sip.port', 'SIP_PORT', PORT, number],
    ['sip.domain', 'SIP_DOMAIN', 'a host name in lower case, such as sip-uri.voice-api.example'],
    [
      'sip.innerPort',
      'SIP_INNER_PORT',
      `${PORT}: with several workers the first of the ports on which the call flow reaches each`,
      number,
    ],
    ['sip.workers', 'WORKERS', `auto, for one a processor, or a number from 1 to ${MAX_WORKERS}`, number],
    ['sip.drainSeconds', 'DRAIN_SECONDS', 'the seconds calls may go on after a stop, 0 to 3600', number],
    ['sip.maxLagMs', 'MAX_LAG_MS', 'the lag of the event loop from which calls get 503, 10 to 60000', number],
    [
      'sip.maxTransactions',
      'MAX_TRANSACTIONS',
      'the transactions a worker keeps before calls get 503, at least 1',
      number,
    ],
    ['sip.logDecisions', 'LOG_DECISIONS', 'true, for a log line a request, or false', flag],
    ['nextHop.host', 'NEXT_HOP_HOST', 'the IPv4 address or the name of the voice platform'],
    ['nextHop.port', 'NEXT_HOP_PORT', 'the port of the voice platform, 1 to 65535', number],
    ['database', 'DATABASE', 'the path of an SQLite file, or :memory:'],
    ['nonceLifetimeSeconds', 'NONCE_LIFETIME_SECONDS', SECONDS, number],
    ['tokenLifetimeSeconds', 'TOKEN_LIFETIME_SECONDS', SECONDS, number],
    ['regions', 'REGIONS', 'region names, each once: [US, EU] in a file, US,EU in a variable', list],
    [
      'regionTable',
      'REGION_TABLE',
      'canonical IPv4 prefixes with a region: [{prefix: 203.0.113.0/25, region: US}] in a file, 203.0.113.0/25=US,… in a variable',
      table,
    ],
    ['account', 'ACCOUNT', 'an account id of letters, digits and . _ ~ -'],
    ['client.id', 'CLIENT_ID', 'a client id of letters, digits and . _ ~ -'],
    [CLIENT_SECRET, 'CLIENT_SECRET', '8 to 128 letters, digits and . _ ~ -'],
  ] as const
).map(([path, name, expected, fromText]) => ({
  path,
  variable: `VOICE_EDGE_${name}`,
  expected,
  ...(fromText === undefined ? {} : { fromText }),
}));

/** The settings for --help: variable, place in the file, what is right. */
export function settingsText(): string {
  return SETTINGS.map(({ path, variable, expected }) => {
    const place = path === CLIENT_SECRET ? 'never in a file' : path;
    return `  ${variable} (${place})\n      ${expected}`;
  }).join('\n');
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration from a YAML or JSON file, where one is named, and from the variables VOICE_EDGE_*, which win.
 * Every mistake is reported, not the first alone.
 */
export function readConfig(environment: Environment, file?: string): Config | ConfigProblems {
  const source = file === undefined ? EMPTY_FILE : readConfigFile(file);
  if ('problems' in source) return source;
  const raw = structuredClone(source.content);
  for (const { path, variable, fromText } of SETTINGS) {
    const text = environment[variable];
    if (text !== undefined) put(raw, path.split('.'), fromText === undefined ? text : fromText(text));
  }
  const parsed = configSchema.safeParse(raw);
  const problems = [
    ...unknownVariables(environment),
    ...secretsInFile(source),
    ...(parsed.success ? crossProblems(parsed.data, environment, source) : []),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(issue, environment, source))),
  ];
  if (problems.length > 0) return { problems: [...new Set(problems)] };
  if (!parsed.success) throw new Error('a configuration was refused without a problem');
  return parsed.data;
}

interface ConfigFile {
  readonly content: Record<string, unknown>;
  /** `edge.yaml:7: sip.port`, or without the line where the place is not in the file. */
  readonly place: (path: readonly PropertyKey[]) => string;
}

const EMPTY_FILE: ConfigFile = { content: {}, place: (path) => path.join('.') };

function readConfigFile(file: string): ConfigFile | ConfigProblems {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    return {
      problems: [`${file}: cannot be read (${String(reason)}): name a YAML or JSON file after --config`],
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((e) => `${file}:${lines.linePos(e.pos[0]).line}: ${e.message}`),
    };
  }
  const content: unknown = document.toJS() ?? {};
  if (!isMapping(content)) {
    return { problems: [`${file}: must be a mapping of settings, such as "sip: {port: 6160}"`] };
  }
  return {
    content,
    place(path) {
      const node = document.getIn(path, true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      const line = start === undefined ? '' : `:${lines.linePos(start).line}`;
      return `${file}${line}: ${path.join('.')}`;
    },
  };
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

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problemOf(issue: z.core.$ZodIssue, environment: Environment, file: ConfigFile): string {
  if (issue.code === 'unrecognized_keys') {
    const place = file.place([...issue.path, ...issue.keys.slice(0, 1)]);
    return `${place} is not a setting: known are ${SETTINGS.map(({ path }) => path).join(', ')}`;
  }
  const dotted = issue.path.join('.');
  const setting = SETTINGS.find(({ path }) => dotted === path || dotted.startsWith(`${path}.`));
  if (setting === undefined) return `${file.place(issue.path)} must be a mapping of settings`;
  const text = setting.path === CLIENT_SECRET ? undefined : environment[setting.variable];
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
  const { id, secret } = config.client;
  if (id !== undefined && secret === undefined) {
    problems.push('the client id comes without a secret: set VOICE_EDGE_CLIENT_SECRET too, or neither');
  }
  if (id === undefined && secret !== undefined) {
    problems.push('VOICE_EDGE_CLIENT_SECRET comes without an id: set VOICE_EDGE_CLIENT_ID too, or neither');
  }
  return problems;
}
