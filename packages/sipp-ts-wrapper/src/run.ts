import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { rowsFile, sippArguments, workFiles, type WorkFiles } from './command.ts';
import { logEntries } from './error_log.ts';
import { locateSipp, type Executable } from './executable.ts';
import { isListening } from './listening.ts';
import { missingTrace } from './missing_trace.ts';
import { resolveOptions, type ResolvedOptions, type SippOptions } from './options.ts';
import { leasePorts, type PortLease } from './port_lease.ts';
import { RunRecord, type SippHooks } from './run_record.ts';
import { readScenario, type Scenario } from './scenario.ts';
import { SippChild, type Exit } from './sipp_child.ts';
import { SippError } from './sipp_error.ts';
import { isPortClash, startError } from './start_error.ts';
import { callCounters, counter, type CallCounters } from './statistics.ts';
import type { TracedMessage } from './trace_parser.ts';
import { unexpectedMessages, verdict, type SippOutcome } from './verdict.ts';
import { TESTED } from './versions.ts';

/** The result of a run. A failed call is a result like any other; only a run that cannot take place throws. */
export interface SippResult {
  outcome: SippOutcome;
  /** One sentence, e.g. `call 1: expected 407, received 403 Forbidden (invite.xml:24)`. */
  reason: string;
  /** SIPp's; null where a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** From the start of the process to its end. */
  durationMs: number;
  /** Program and arguments, the password masked. */
  command: string[];
  local: { address: string; port: number };
  /** SIPp's own counters at its end. */
  calls: CallCounters & { requested: number | 'unbounded' };
  /** Messages sent again by either side, a sign of loss or of a slow peer. */
  retransmissions: number;
  /** Received messages that the scenario did not expect. */
  unexpected: TracedMessage[];
  /** Everything sent and received; empty with `trace.messages: false`. */
  messages: TracedMessage[];
  /** The entries of SIPp's error log; quoted messages are latin1, one character per octet. */
  errors: string[];
  /** The lines that `<log>` actions wrote. */
  logs: string[];
  /** With `trace.statistics` all rows of SIPp's statistics, else the last one. */
  statistics: Record<string, string>[];
}

/** A running SIPp. */
export interface SippProcess {
  pid: number;
  local: { address: string; port: number };
  /** Program and arguments, the password masked. */
  command: string[];
  /** Path of its message trace, for `TraceParser`. It grows as SIPp writes, and is removed when SIPp has ended. */
  messageTrace: string;
  /** @throws {SippError} as `runSipp` does. */
  exited: Promise<SippResult>;
  /** Takes no new calls, waits up to `graceMs` (default 500) for open ones, then cuts them. Resolves as `exited`. */
  stop(graceMs?: number): Promise<SippResult>;
}

const PORT_ATTEMPTS = 8;
const LISTENING_POLL_MS = 2;

/** Checked options, with the program and scenario they name. */
interface Plan {
  options: ResolvedOptions;
  executable: Executable;
  scenario: Scenario;
}

/**
 * Runs SIPp to its end and judges it.
 * @throws {SippError} where the run cannot take place; see `SippErrorCode`.
 */
export async function runSipp(options: SippOptions, hooks: SippHooks = {}): Promise<SippResult> {
  const plan = await prepare(options);
  return onFreePorts(plan, async (ports) => (await launch(plan, ports, hooks)).exited);
}

/**
 * Starts SIPp and resolves once it listens. For a server, or any process that runs beside others.
 * @throws {SippError} as `runSipp` does.
 */
export async function startSipp(options: SippOptions, hooks: SippHooks = {}): Promise<SippProcess> {
  const plan = await prepare(options);
  return onFreePorts(plan, async (ports) => {
    const run = await launch(plan, ports, hooks);
    const endpoint = { ...run.local, transport: plan.options.transport };
    while (!(await isListening(run.pid, endpoint))) {
      // A failed start rejects here. A quick client may end before it is seen to listen.
      if ((await Promise.race([delay(LISTENING_POLL_MS), run.exited])) !== undefined) break;
    }
    return run;
  });
}

async function prepare(input: SippOptions): Promise<Plan> {
  const options = resolveOptions(input);
  const executable = await locateSipp(options.executable);
  const fields = Math.min(...(options.rows ?? [[]]).map((row) => row.length));
  const scenario = await readScenario(options.scenario, {
    keys: Object.keys(options.keys),
    fields: options.extraArguments.includes('-inf') ? undefined : fields,
  });
  if (scenario.role === 'client' && options.remote === undefined) {
    throw new SippError(
      'OPTIONS_INVALID',
      'the scenario sends first, so it needs a target: the option remote, or --target host:port',
      {
        file: options.scenario,
        line: scenario.steps[0]?.line,
      },
    );
  }
  return { options, executable, scenario };
}

/** Runs `attempt` with leased ports; repeats it with other ports where another program has bound one meanwhile. */
async function onFreePorts<T>({ options }: Plan, attempt: (ports: PortLease) => Promise<T>): Promise<T> {
  const { address, firstPort } = options.local;
  for (let attempts = 1; ; attempts += 1) {
    const lease = await leasePorts(address, attempts === 1 ? firstPort : undefined);
    try {
      return await attempt({ ...lease, sip: options.local.port ?? lease.sip });
    } catch (failure) {
      lease.release();
      if (attempts === PORT_ATTEMPTS || !isPortClash(failure, options.local.port)) throw failure;
    }
  }
}

async function launch(plan: Plan, ports: PortLease, hooks: SippHooks): Promise<SippProcess> {
  const { options, executable, scenario } = plan;
  const files = workFiles(await mkdtemp(join(tmpdir(), 'sipp-run-')));
  const args = sippArguments(options, executable.version, scenario.role, ports, files);
  if (options.rows !== undefined) await writeFile(files.rows, rowsFile(options.rows), { mode: 0o600 });
  const cleanUp = (): void => {
    rmSync(files.folder, { recursive: true, force: true });
    ports.release();
  };
  const child = await SippChild.start(executable.path, args.secret, files.stderr, cleanUp).catch(
    (failure: unknown) => {
      cleanUp();
      throw failure;
    },
  );
  if (options.timeoutMs !== undefined) child.endAfter('timeout', options.timeoutMs);
  const local = { address: options.local.address, port: ports.sip };
  const command = [executable.path, ...args.masked];
  const exited = conclude(plan, child, files, hooks, { local, command }, ports);
  // It may reject when nothing awaits it.
  exited.catch(() => undefined);
  return {
    pid: child.pid,
    local,
    command,
    messageTrace: files.messages,
    exited,
    stop(graceMs = 500) {
      child.endGracefully('stopped', graceMs);
      return exited;
    },
  };
}

/** Follows the run to its end, judges it, and releases its ports and files. */
async function conclude(
  plan: Plan,
  child: SippChild,
  files: WorkFiles,
  hooks: SippHooks,
  place: Pick<SippResult, 'local' | 'command'>,
  ports: PortLease,
): Promise<SippResult> {
  const record = new RunRecord(files, plan.options.trace.statistics, hooks);
  try {
    const exit = await followed(child, record, hooks.signal);
    return { ...(await findings(plan, exit, record, files)), ...place };
  } finally {
    // SIPp may still run where a hook threw.
    child.endNow('aborted');
    await child.exited.catch(() => undefined);
    ports.release();
    await record.close();
    await rm(files.folder, { recursive: true, force: true });
  }
}

async function followed(child: SippChild, record: RunRecord, signal: AbortSignal | undefined): Promise<Exit> {
  const abort = () => child.endNow('aborted');
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await record.follow(child.exited);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function findings(
  { options, executable, scenario }: Plan,
  exit: Exit,
  { messages, statistics }: RunRecord,
  files: WorkFiles,
): Promise<Omit<SippResult, 'local' | 'command'>> {
  const stderr = await readText(files.stderr);
  const entries = logEntries((await readText(files.errors)) || stderr);
  const calls = { requested: options.calls, ...callCounters(statistics.last) };
  if (exit.cause === undefined && calls.created === 0) {
    const failure = startError(options, entries.at(-1)?.text ?? stderr, exit, statistics.last !== undefined);
    if (failure !== undefined) throw failure;
  }
  const retransmissions = counter(statistics.last, 'Retransmissions(C)');
  if (options.trace.messages && messages.length === 0) {
    const trace = await readText(files.messages);
    assertNothingCounted(missingTrace({ calls, retransmissions, role: scenario.role, trace }), executable);
  }
  const errors = entries.map(({ text }) => text);
  const { timeoutMs, receiveTimeoutMs, transport } = options;
  return {
    ...verdict({ exit, calls, errors, messages, scenario, timeoutMs, receiveTimeoutMs }),
    exitCode: exit.code,
    signal: exit.signal,
    durationMs: exit.durationMs,
    calls,
    retransmissions,
    unexpected: unexpectedMessages({ errors: entries, messages, transport }),
    messages,
    errors,
    logs: (await readText(files.logs)).split('\n').filter((line) => line !== ''),
    statistics: statistics.rows,
  };
}

function assertNothingCounted(counted: string | undefined, { version }: Executable): void {
  if (counted === undefined) return;
  throw new SippError(
    'TRACE_UNREADABLE',
    `SIPp ${version} counted ${counted}, but no message can be read in its message trace; ` +
      `use SIPp ${TESTED.first} to ${TESTED.last}, or set trace.messages to false`,
  );
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'latin1').catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return '';
    throw failure;
  });
}
