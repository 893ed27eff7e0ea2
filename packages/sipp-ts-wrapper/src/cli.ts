import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { parseArgs } from 'node:util';

import { sippWarning } from './executable.ts';
import { drawLadder, ladderMessages, messageLabel } from './ladder.ts';
import type { SippOptions } from './options.ts';
import { runSipp, type SippResult } from './run.ts';
import { SippError } from './sipp_error.ts';
import type { SippProgress } from './statistics.ts';
import type { TracedMessage } from './trace_parser.ts';

/** Where the command writes, and what it reads besides its arguments. */
export interface CommandLine {
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown };
  env: Readonly<Record<string, string | undefined>>;
  /** Ends the run as Ctrl-C does. */
  signal?: AbortSignal;
}

const EXIT = { passed: 0, failed: 1, badInput: 2, interrupted: 130 } as const;
/** With more calls than these, progress is shown instead of messages. */
const MOST_CALLS_SHOWN = 10;
/** Time between progress lines where they cannot overwrite each other. */
const PROGRESS_LOG_MS = 5000;

const USAGE = `sipp-run <scenario.xml> [options]

Runs one SIPp scenario, shows its messages as they happen, then a ladder and a verdict you can trust.

  --target host[:port]   where requests go (port 5060); not for a scenario that receives first
  --from address[:port]  local address; default: the one the system sends from, and a free port
  --transport udp|tcp    default udp
  --service name         [service], the user part of the Request-URI
  --user name            digest user; the password comes from --password-env
  --password-env NAME    name of the environment variable that holds the password
  --auth-uri uri         the digest uri; default remote_ip:remote_port
  --key name=value       a value for [name]; may be repeated
  --row a;b;c            values for [field0], [field1] …, a row per call; may be repeated
  --call-id pattern      Call-ID; %u is the number of the call
  --calls N|unbounded    default 1; unbounded runs until Ctrl-C
  --rate N               new calls per second; without it, each call starts when the one before has ended
  --timeout seconds      for the whole run
  --json                 print the result as JSON and nothing else
  --help

Exit code: 0 passed, 1 a call failed, 2 bad input or no SIPp, 130 interrupted.
`;

const FLAGS = {
  target: { type: 'string' },
  from: { type: 'string' },
  transport: { type: 'string' },
  service: { type: 'string' },
  user: { type: 'string' },
  'password-env': { type: 'string' },
  'auth-uri': { type: 'string' },
  key: { type: 'string', multiple: true },
  row: { type: 'string', multiple: true },
  'call-id': { type: 'string' },
  calls: { type: 'string' },
  rate: { type: 'string' },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** An argument that cannot be used; the message says what it must be. */
class BadArgument extends Error {}

/**
 * The command `sipp-run`.
 * @param argv the arguments, without program and script.
 * @returns the exit code: 0 passed, 1 failed, 2 bad input or SIPp missing, 130 interrupted by `io.signal`.
 */
export async function main(argv: string[], io: CommandLine): Promise<number> {
  try {
    const { values, positionals } = parsed(argv);
    if (values.help === true) {
      io.stdout.write(USAGE);
      return EXIT.passed;
    }
    const options = await runOptions(values, positionals, io);
    const warning = await sippWarning();
    if (warning !== undefined) io.stderr.write(`sipp-run: ${warning}\n`);
    const hooks = values.json === true ? {} : liveOutput(options, io);
    const result = await runSipp(options, { ...hooks, signal: io.signal });
    io.stdout.write(
      values.json === true ? `${JSON.stringify(result, undefined, 2)}\n` : report(result, options),
    );
    if (io.signal?.aborted === true) return EXIT.interrupted;
    return result.outcome === 'passed' ? EXIT.passed : EXIT.failed;
  } catch (failure) {
    if (failure instanceof BadArgument)
      io.stderr.write(`sipp-run: ${failure.message}; see sipp-run --help\n`);
    else if (failure instanceof SippError) io.stderr.write(`sipp-run: ${failure.code}: ${failure.message}\n`);
    else throw failure;
    return EXIT.badInput;
  }
}

type Values = ReturnType<typeof parsed>['values'];

function parsed(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: FLAGS, allowPositionals: true });
  } catch (failure) {
    throw new BadArgument(failure instanceof Error ? failure.message.replace(/\.$/, '') : String(failure));
  }
}

async function runOptions(values: Values, positionals: string[], io: CommandLine): Promise<SippOptions> {
  const [scenario, ...others] = positionals;
  if (scenario === undefined) throw new BadArgument('a scenario file is needed');
  if (others.length > 0) throw new BadArgument(`one scenario file at a time, not also ${others[0]}`);
  const remote = values.target === undefined ? undefined : endpoint('--target', values.target);
  const local = values.from === undefined ? undefined : endpoint('--from', values.from);
  const calls = values.calls === 'unbounded' ? values.calls : number('--calls', values.calls);
  const seconds = number('--timeout', values.timeout);
  return {
    scenario,
    ...(remote && { remote: { host: remote.host, port: remote.port ?? 5060 } }),
    local: local ? { address: local.host, port: local.port } : { address: await sourceAddress(remote?.host) },
    transport: transport(values.transport),
    service: values.service,
    credentials: credentials(values, io.env),
    authUri: values['auth-uri'],
    keys: Object.fromEntries((values.key ?? []).map(keyValue)),
    rows: values.row?.map((row) => row.split(';')),
    callId: values['call-id'],
    calls,
    rate: number('--rate', values.rate),
    timeoutMs: seconds === undefined ? undefined : Math.round(seconds * 1000),
    trace: { messages: isShown(calls) },
  };
}

const isShown = (calls: SippOptions['calls']): boolean =>
  calls === 'unbounded' || (calls ?? 1) <= MOST_CALLS_SHOWN;

function endpoint(flag: string, text: string): { host: string; port: number | undefined } {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text);
  const host = isIPv6(text) ? text : (match?.[1] ?? match?.[2]);
  if (host === undefined) throw new BadArgument(`${flag} ${text} must be host, host:port or [IPv6]:port`);
  const port = isIPv6(text) ? undefined : match?.[3];
  return { host, port: port === undefined ? undefined : Number(port) };
}

function transport(text: string | undefined): 'udp' | 'tcp' {
  if (text === undefined || text === 'udp' || text === 'tcp') return text ?? 'udp';
  throw new BadArgument(`--transport ${text} must be udp or tcp`);
}

function number(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new BadArgument(`${flag} ${text} must be a number`);
  return Number(text);
}

function keyValue(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new BadArgument(`--key ${text} must be name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function credentials(values: Values, env: CommandLine['env']): SippOptions['credentials'] {
  const variable = values['password-env'];
  if (values.user === undefined && variable === undefined) return undefined;
  if (values.user === undefined) throw new BadArgument('--password-env needs --user');
  if (variable === undefined) throw new BadArgument('--user needs --password-env, the name of a variable');
  const password = env[variable];
  if (password === undefined)
    throw new BadArgument(`the environment variable ${variable} of --password-env is not set`);
  return { username: values.user, password };
}

/** The address that the system sends from. A connected UDP socket knows it; no packet is sent. */
async function sourceAddress(host: string | undefined): Promise<string> {
  if (host === undefined) return '127.0.0.1';
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(9, host, resolve);
    });
    return socket.address().address;
  } catch {
    throw new SippError(
      'REMOTE_UNKNOWN',
      `${host} cannot be resolved or reached: check --target, or give --from`,
    );
  } finally {
    socket.close();
  }
}

function liveOutput({ calls }: SippOptions, { stdout }: CommandLine) {
  if (!isShown(calls)) return { onProgress: progressOutput(stdout) };
  let start: number | undefined;
  return {
    onMessage({ time, direction, text }: TracedMessage) {
      start ??= time;
      const offset = String(Math.round(time - start)).padStart(8);
      stdout.write(`${offset} ms ${direction === 'sent' ? '->' : '<-'} ${messageLabel(text)}\n`);
    },
  };
}

function progressOutput(stdout: CommandLine['stdout']) {
  let lastLine = -PROGRESS_LOG_MS;
  return ({ elapsedMs, calls, retransmissions, rate }: SippProgress) => {
    const seconds = (elapsedMs / 1000).toFixed(1);
    const line = `${seconds} s: ${calls.created} calls, ${calls.current} open, ${calls.successful} successful, ${calls.failed} failed, ${retransmissions} retransmissions, ${rate.toFixed(0)}/s`;
    if (stdout.isTTY === true) stdout.write(`\r${line}\x1b[K`);
    else if (elapsedMs - lastLine >= PROGRESS_LOG_MS) {
      lastLine = elapsedMs;
      stdout.write(`${line}\n`);
    }
  };
}

function report(result: SippResult, { remote }: SippOptions): string {
  const local = `${result.local.address}:${result.local.port}`;
  const peer = remote === undefined ? 'peer' : `${remote.host}:${remote.port}`;
  const ladder = ladderMessages(result.messages, { local, remote: peer });
  const { calls, retransmissions, durationMs } = result;
  return [
    '',
    ...(ladder.length === 0 ? [] : [drawLadder(ladder, { columns: [local, peer] })]),
    `${result.outcome.toUpperCase()}: ${result.reason}`,
    `${calls.created} calls made, ${calls.successful} successful, ${calls.failed} failed, ${retransmissions} retransmissions, ${durationMs.toFixed(0)} ms`,
    '',
  ].join('\n');
}
