import { parseArgs } from 'node:util';

import { readConfig, settingsText, type Config } from './config/config.ts';
import { EdgeError } from './edge/edge_error.ts';
import { REGION_DATABASE_ERROR } from './edge/region_database.ts';
import { standardOutput } from './observe/log_output.ts';
import { logWriter } from './observe/log_writer.ts';
import { startSystem } from './system.ts';

const HELP = `Usage: main.ts [--config FILE]

Starts the reference implementation: the management API and the signaling edge.
Prints "ready api=URL sip=udp:HOST:PORT" and then its log, one JSON object per line.
SIGTERM and SIGINT stop it; SIGUSR2 starts the edge anew. Exit code 0: stopped; 1: failed; 2: wrong input or an address it cannot bind.

  --config FILE   settings in YAML or JSON; variables win over the file
  --help          this text

Settings:
${settingsText()}
`;

/** How long the log's reader may take to read the last lines. */
const LOG_GRACE_MS = 2000;
/** Exit code for mistakes the caller can correct: a flag, a setting, an address in use. */
const WRONG_INPUT = 2;

function fail(problems: readonly string[]): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = WRONG_INPUT;
}

function readFlags(): { config?: string; help?: boolean } | { problems: string[] } {
  try {
    const { values } = parseArgs({ options: { config: { type: 'string' }, help: { type: 'boolean' } } });
    return values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [`${reason} (--help lists the flags)`] };
  }
}

/** node's error of a system call, with address and port if it concerned one. */
interface ListenError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly port?: number;
}

/** Why the start failed and how the caller can correct it; undefined if it is a bug. */
function startProblem(error: ListenError, { database }: Config): string | undefined {
  if (error instanceof EdgeError) {
    return `${error.message} (VOICE_EDGE_SIP_HOST, VOICE_EDGE_SIP_PORT, VOICE_EDGE_PLATFORM_HOST)`;
  }
  if (error.code === REGION_DATABASE_ERROR) return error.message;
  const { address, port } = error;
  const where = `${address}:${port}`;
  const mend =
    'set VOICE_EDGE_API_PORT and VOICE_EDGE_API_HOST, VOICE_EDGE_SIP_PORT and VOICE_EDGE_SIP_HOST, or VOICE_EDGE_METRICS_PORT and VOICE_EDGE_METRICS_HOST';
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where} is taken: stop the program that listens there, or ${mend}`;
    case 'EADDRNOTAVAIL':
      return `${where} is not an address of this machine: ${mend}`;
    case 'EACCES':
      if (port !== undefined)
        return `${where} needs rights that this process lacks: ${mend} to a port over 1023`;
      return `${database} may not be opened: set VOICE_EDGE_DATABASE to a file this process may write`;
    case 'ENOENT':
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EROFS':
    case 'ERR_SQLITE_ERROR':
    case 'STORE_LOCKED':
    case 'STORE_FULL':
    case 'STORE_UNWRITABLE':
    case 'STORE_UNREADABLE':
      return `${database} cannot be opened (${error.message}): set VOICE_EDGE_DATABASE to an SQLite file`;
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
      return `no process or descriptor is left (${error.message}): raise the limits (ulimit -u, ulimit -n), or set VOICE_EDGE_WORKERS to fewer`;
    default:
      return undefined;
  }
}

async function main(): Promise<void> {
  const output = standardOutput();
  process.stderr.on('error', () => undefined);
  // With a listener, a write beyond the limit of a file's size fails, and does not end the process (setrlimit(2)).
  process.on('SIGXFSZ', () => undefined);

  const flags = readFlags();
  if ('problems' in flags) return fail(flags.problems);
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const config = readConfig(process.env, flags.config);
  if ('problems' in config) return fail(config.problems);

  const { log, release, flush, dropped } = logWriter({
    level: config.log.level,
    // The machine's time as it is now, so that lines can be laid beside those of other programs.
    now: () => Date.now(),
    output,
  });
  const system = await startSystem(config, { log, droppedLines: dropped }).catch((error: ListenError) => {
    const problem = startProblem(error, config);
    if (problem === undefined) throw error;
    fail([problem]);
  });
  if (system === undefined) return;

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    log({ level: 'info', event: 'system.stopping', signal });
    await system.stop();
    log({ level: 'info', event: 'system.stopped' });
    // Anything still open by then is a log that nobody reads.
    setTimeout(() => process.exit(), LOG_GRACE_MS).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
  process.on('SIGUSR2', () => void system.startEdgeAnew());

  const { apiUrl, sipAddress, generatedClient } = system;
  if (generatedClient !== undefined) {
    const { id, secret } = generatedClient;
    process.stderr.write(
      `client made, shown this once: account=${config.account} id=${id} secret=${secret}\n`,
    );
  }
  output.write(`ready api=${apiUrl} sip=udp:${sipAddress.host}:${sipAddress.port}\n`, () => undefined);
  release();
  process.once('exit', flush);
  if (config.database === ':memory:') {
    log({ level: 'warn', event: 'store.in_memory', mend: 'set VOICE_EDGE_DATABASE to keep it' });
  }
}

await main();
