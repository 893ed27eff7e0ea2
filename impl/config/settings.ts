import { LOG_LEVELS } from '../observe/log.ts';
import { clientsOfText } from './configured_clients.ts';

/** Each worker is a process of 60 MB or so. */
export const MAX_WORKERS = 64;

/** One setting: where it is given, and what is right. */
export interface Setting {
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
const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(
    list(text).map((entry) => {
      const [left = '', right = ''] = entry.split('=');
      return [left.trim(), right.trim()];
    }),
  );

const PORT = 'a port from 0 to 65535, 0 to let the kernel choose';
const SECONDS = 'a whole number of seconds, at least 1';
const CLIENT_SECRET = 'client.secret';
/** A list of clients: see configured_clients.ts. */
export const CLIENTS = 'clients';
/** Never quoted in a problem. */
export const SECRET_SETTINGS: readonly string[] = [CLIENT_SECRET, CLIENTS];

/** Every setting, in the order of --help. */
export const SETTINGS: readonly Setting[] = (
  [
    ['api.host', 'API_HOST', 'an IP address to listen on'],
    ['api.port', 'API_PORT', PORT, number],
    [
      'api.trustedProxies',
      'API_TRUSTED_PROXIES',
      'IP addresses or prefixes of the reverse proxies whose X-Forwarded-For is believed: [10.0.0.0/24] in a file, 10.0.0.1,10.0.0.2 in a variable',
      list,
    ],
    ['sip.host', 'SIP_HOST', 'the one IPv4 address callers reach the service at (0.0.0.0 is none)'],
    ['sip.port', 'SIP_PORT', PORT, number],
    ['sip.domain', 'SIP_DOMAIN', 'a host name in lower case, such as sip-uri.voice-api.example'],
    [
      'sip.innerPort',
      'SIP_INNER_PORT',
      'a port from 0 to 65535: with several workers the first of the ports on which the call flow reaches each, 0 for those after sip.port',
      number,
    ],
    ['sip.workers', 'WORKERS', `auto, for one a processor, or a number from 1 to ${MAX_WORKERS}`, number],
    ['sip.drainSeconds', 'DRAIN_SECONDS', 'the seconds calls may go on after a stop, 0 to 3600', number],
    [
      'sip.maxLagMs',
      'MAX_LAG_MS',
      'how late the event loop may be time after time before calls get 503, 10 to 60000',
      number,
    ],
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
    [
      'regionDatabase.file',
      'REGION_DATABASE',
      'the path of a country database in MaxMind format (.mmdb), for sources the table does not hold; read at the start',
    ],
    [
      'regionDatabase.countries',
      'REGION_COUNTRIES',
      'ISO 3166-1 country codes with a region: {US: US, DE: EU} in a file, US=US,DE=EU in a variable',
      pairs,
    ],
    [
      'regionDatabase.continents',
      'REGION_CONTINENTS',
      'continent codes (AF AN AS EU NA OC SA) with a region, for countries that are not listed: {EU: EU} in a file, EU=EU in a variable',
      pairs,
    ],
    ['log.level', 'LOG_LEVEL', `the least level that is logged: ${LOG_LEVELS.join(', ')}`],
    [
      'metrics.port',
      'METRICS_PORT',
      `${PORT}: a listener for /metrics alone; without it the API serves them, to whoever asks`,
      number,
    ],
    [
      'metrics.host',
      'METRICS_HOST',
      'an IP address to listen on for /metrics where it has a port of its own',
    ],
    [
      'audit.retentionDays',
      'AUDIT_RETENTION_DAYS',
      'how many days the audit trail goes back, 1 to 36500',
      number,
    ],
    ['account', 'ACCOUNT', 'an account id of letters, digits and . _ ~ -'],
    ['client.id', 'CLIENT_ID', 'a client id of letters, digits and . _ ~ -'],
    [CLIENT_SECRET, 'CLIENT_SECRET', '8 to 128 letters, digits and . _ ~ -'],
    [
      CLIENTS,
      'CLIENTS',
      'further clients, of any account: [{account: "9900001", id: {environment: THE_ID}, secret: {environment: THE_SECRET}}] in a file, which names the variables that hold them; ACCOUNT:ID:SECRET,… in a variable',
      clientsOfText,
    ],
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
