import { isIP } from 'node:net';

import { z } from 'zod';

import { LEASED_PORTS } from './port_lease.ts';
import { SippError } from './sipp_error.ts';

type DefaultBehavior = 'all' | 'none' | 'bye' | 'abortunexp' | 'pingreply';

/** The options of one SIPp process. `scenario` is required; a client also needs `remote`. */
export interface SippOptions {
  /** Path of the scenario XML. */
  scenario: string;
  /** Where requests go. Absent for a server (UAS). */
  remote?: { host: string; port: number } | undefined;
  /**
   * The address (an IP of this machine, default 127.0.0.1) and port to bind. Without a port, a free one is leased: the
   * first that is free from `firstPort` on (one of `LEASED_PORTS`; by default another start each time).
   */
  local?:
    { address?: string | undefined; port?: number | undefined; firstPort?: number | undefined } | undefined;
  /** Default `udp`; one socket for all calls (`-t u1`, `-t t1`). */
  transport?: 'udp' | 'tcp' | undefined;
  /** `[service]`, the user part of the Request-URI (`-s`). */
  service?: string | undefined;
  /** Digest credentials (`-au`, `-ap`). The password is an argument of SIPp: this machine's other users can read it. */
  credentials?: { username: string; password: string } | undefined;
  /** The digest `uri` (`-auth_uri`); SIPp's own default is `remote_ip:remote_port`. */
  authUri?: string | undefined;
  /** Values for `[field0]`, `[field1]` …: one row per call, in sequence; after the last, the first again. */
  rows?: readonly (readonly string[])[] | undefined;
  /** Keywords of your own: `{ realm: 'x' }` makes `[realm]` an `x` (`-key`). */
  keys?: Readonly<Record<string, string>> | undefined;
  /** Call-ID pattern (`-cid_str`): `%u` call number, `%p` process, `%s` address. */
  callId?: string | undefined;
  /** How many calls (`-m`), default 1; `unbounded` runs until stopped. */
  calls?: number | 'unbounded' | undefined;
  /** New calls per second (`-r`). */
  rate?: number | undefined;
  /** Calls kept open at once (`-users`); the default, 1, starts the next call when one has ended. */
  users?: number | undefined;
  /** Most calls open at once (`-l`); goes with `rate`. */
  limit?: number | undefined;
  /** How long each `<recv>` waits, in ms (`-recv_timeout`). */
  receiveTimeoutMs?: number | undefined;
  /** How long the whole run may take, in ms. */
  timeoutMs?: number | undefined;
  trace?:
    | {
        /** Keep every message; default true. Turn it off for load. */
        messages?: boolean | undefined;
        /** Keep every row of SIPp's statistics, not just the last; default false. */
        statistics?: boolean | undefined;
        /** Keep what `<log>` actions write; default true. */
        logs?: boolean | undefined;
      }
    | undefined;
  /** `-default_behaviors`, e.g. `['all', '-bye']`. */
  defaultBehaviors?: readonly (DefaultBehavior | `-${DefaultBehavior}`)[] | undefined;
  /** Further SIPp arguments, passed on unchanged. Refused: those that this package sets itself. */
  extraArguments?: readonly string[] | undefined;
  /** Path or name of the program; default `sipp`, looked up on PATH. */
  executable?: string | undefined;
}

/** SIPp arguments that this package sets itself, and the option to use instead. */
const OWNED_ARGUMENTS: Readonly<Record<string, string>> = {
  '-sf': 'scenario',
  '-sn': 'scenario',
  '-i': 'local.address',
  '-p': 'local.port',
  '-t': 'transport',
  '-s': 'service',
  '-au': 'credentials',
  '-ap': 'credentials',
  '-auth_uri': 'authUri',
  '-key': 'keys',
  '-cid_str': 'callId',
  '-cid_type': 'callId',
  '-m': 'calls',
  '-r': 'rate',
  '-users': 'users',
  '-l': 'limit',
  '-recv_timeout': 'receiveTimeoutMs',
  '-timeout': 'timeoutMs',
  '-timeout_error': 'timeoutMs',
  '-trace_msg': 'trace.messages',
  '-message_file': 'trace.messages',
  '-trace_stat': 'trace.statistics',
  '-stf': 'trace.statistics',
  '-fd': 'trace.statistics',
  '-trace_logs': 'trace.logs',
  '-log_file': 'trace.logs',
  '-default_behaviors': 'defaultBehaviors',
  '-nd': 'defaultBehaviors',
};
/** SIPp arguments that this package sets itself, without an option for them. */
const RESERVED_ARGUMENTS: ReadonlySet<string> = new Set(
  (
    '-mi -mp -min_rtp_port -ci -cp -bind_local -nostdin -bg -trace_err -error_file -v -h -sd -stat_delimiter -rfc3339 -ringbuffer_files ' +
    '-ringbuffer_size -max_log_size -message_overwrite -error_overwrite -log_overwrite'
  ).split(' '),
);

const CALLS = "must be a whole number of 1 or more, or 'unbounded'";
const count = z.int('must be a whole number').min(1, 'must be 1 or more');
const calls = z.int(CALLS).min(1, CALLS);
const milliseconds = z.int('must be whole milliseconds').min(1, 'must be 1 ms or more');
const port = z
  .int('must be a port, 1 to 65535')
  .min(1, 'must be 1 or more')
  .max(65535, 'must be 65535 or less');
const LEASED = `must be a port, ${LEASED_PORTS.first} to ${LEASED_PORTS.last}`;
// oxlint-disable-next-line no-control-regex -- control octets are what is refused
const oneLine = z.string().regex(/^[^\r\n\0]*$/, 'must be one line: no CR, LF or NUL');
const word = oneLine.min(1, 'must not be empty');

const rowField = oneLine.refine(
  (field) => !field.includes(';'),
  'must not contain a semicolon: SIPp separates the fields of a row with it',
);
const row = z
  .array(rowField)
  .min(1, 'must have a field')
  .refine((fields) => !fields[0]!.startsWith('#'), 'must not start with #: SIPp takes the row for a comment')
  .refine((fields) => fields.length > 1 || fields[0] !== '', 'must not be empty: SIPp stops reading there');

const schema = z
  .strictObject({
    scenario: word,
    remote: z
      .strictObject({ host: word.regex(/^[^\s[\]/@]+$/, 'must be a host name or an address'), port })
      .optional(),
    local: z
      .strictObject({
        address: z
          .string()
          .refine((address) => isIP(address) !== 0, 'must be an IP address of this machine')
          .default('127.0.0.1'),
        port: port.optional(),
        firstPort: z.int(LEASED).min(LEASED_PORTS.first, LEASED).max(LEASED_PORTS.last, LEASED).optional(),
      })
      .default({ address: '127.0.0.1' }),
    transport: z.enum(['udp', 'tcp']).default('udp'),
    service: word.optional(),
    credentials: z.strictObject({ username: word, password: oneLine }).optional(),
    authUri: word.optional(),
    rows: z.array(row).min(1, 'must have a row, or be left out').optional(),
    keys: z.record(z.string(), oneLine).default({}),
    callId: word.optional(),
    calls: z.literal('unbounded').or(calls).default(1),
    rate: z.number().positive('must be more than 0').optional(),
    users: count.optional(),
    limit: count.optional(),
    receiveTimeoutMs: milliseconds.optional(),
    timeoutMs: milliseconds.max(2 ** 31 - 1001, 'must be less than 24 days').optional(),
    trace: z
      .strictObject({
        messages: z.boolean().default(true),
        statistics: z.boolean().default(false),
        logs: z.boolean().default(true),
      })
      .default({ messages: true, statistics: false, logs: true }),
    defaultBehaviors: z
      .array(
        z
          .string()
          .regex(
            /^-?(all|none|bye|abortunexp|pingreply)$/,
            'must be all, none, bye, abortunexp or pingreply, or one of them after a -',
          ),
      )
      .min(1, 'must name a behaviour, or be left out')
      .optional(),
    extraArguments: z.array(z.string()).default([]),
    executable: word.default('sipp'),
  })
  .check(({ value, issues }) => {
    const refuse = (path: PropertyKey[], message: string) =>
      void issues.push({ code: 'custom', path, message, input: undefined });
    if (value.local.port !== undefined && value.local.firstPort !== undefined) {
      refuse(['local', 'firstPort'], 'goes without port: no port is searched where one is given');
    }
    if (value.rate !== undefined && value.users !== undefined) {
      refuse(
        ['users'],
        'goes without rate: SIPp keeps a number of calls open or starts them at a rate, not both',
      );
    }
    if (value.limit !== undefined && value.rate === undefined) {
      refuse(['limit'], 'goes with rate only; users already limits the calls that are open at once');
    }
    if (value.callId !== undefined && value.calls !== 1 && !value.callId.includes('%u')) {
      refuse(['callId'], 'must contain %u (the call number) where there is more than one call');
    }
    for (const name of Object.keys(value.keys)) {
      if (!/^[A-Za-z_][\w.]*$/.test(name))
        refuse(['keys', name], 'must be a name of letters, digits, _ and .');
    }
    for (const [index, argument] of value.extraArguments.entries()) {
      const option = OWNED_ARGUMENTS[argument];
      if (option !== undefined) refuse(['extraArguments', index], `must not set ${argument}: use ${option}`);
      else if (RESERVED_ARGUMENTS.has(argument)) {
        refuse(['extraArguments', index], `must not set ${argument}: this package needs it itself`);
      }
    }
  });

/** The options with their defaults filled in. */
export type ResolvedOptions = z.output<typeof schema>;

/**
 * Checks the options and fills in the defaults.
 * @throws {SippError} OPTIONS_INVALID, naming every wrong field and its mend; values are not repeated.
 */
export function resolveOptions(options: SippOptions): ResolvedOptions {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${fieldName(issue.path)} ${issue.message}`);
  throw new SippError('OPTIONS_INVALID', `SIPp options: ${problems.join('; ')}`);
}

function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'as a whole:';
  const steps = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return `${steps.join('').replace(/^\./, '')}:`;
}
