import { runSipp, startSipp, type SippOptions, type SippResult } from 'sipp-ts-wrapper';

import { HarnessError } from '../../harness/verdict.ts';
import { ANSWERING_SCENARIO, type Load } from './loads.ts';
import { callerAddress, MOST_CALLERS, PLATFORM, REALM, type ServerAddress } from './places.ts';

/** An application that callers name in the Request-URI. */
export interface CalledApplication {
  readonly id: string;
  /** Undefined if callers are trusted by their address. */
  readonly password: string | undefined;
}

/** The two applications that are called; both servers know both. */
export interface CalledApplications {
  readonly password: CalledApplication;
  readonly source: CalledApplication;
}

/** What became of the calls. */
export interface Outcome {
  readonly calls: number;
  readonly failed: number;
  /** Messages that callers or the platform sent again. */
  readonly retransmitted: number;
  /** Calls a second that SIPp actually began. */
  readonly rate: number;
}

/** Calls a second, and for how many seconds. */
export interface Volume {
  readonly rate: number;
  readonly seconds: number;
  /** Absent: UDP. */
  readonly transport?: 'udp' | 'tcp';
}

const SOCKET_BUFFER = ['-buff_size', '4000000'];
const QUIET = { messages: false, logs: false };
/** Longer than a transaction lasts that loses a few messages. */
const RECEIVE_PATIENCE_MS = 8_000;
const DRAIN_PATIENCE_MS = 20_000;
/** The time SIPp needs to start and to end, not counted in the rate of calls. */
const START_AND_END_MS = 250;

/** SIPp, answering every call that is delivered to it. */
export interface Platform {
  stop(): Promise<{ readonly failed: number; readonly retransmitted: number }>;
}

/** Starts the voice platform's SIPp. Rejects with a SippError if it cannot. */
export async function startPlatform(): Promise<Platform> {
  const sipp = await startSipp({
    scenario: ANSWERING_SCENARIO,
    local: { address: PLATFORM.host, port: PLATFORM.port },
    calls: 'unbounded',
    trace: QUIET,
    extraArguments: SOCKET_BUFFER,
  });
  return {
    async stop() {
      const { calls, retransmissions } = await sipp.stop();
      return { failed: calls.failed, retransmitted: retransmissions };
    },
  };
}

/** The options of one of the calling SIPp processes. */
function callerOptions(
  scenario: string,
  application: CalledApplication,
  server: ServerAddress,
  index: number,
): SippOptions {
  const { id, password } = application;
  return {
    scenario,
    remote: server,
    local: { address: callerAddress(index) },
    service: id,
    credentials: password === undefined ? undefined : { username: id, password },
    authUri: `${id}@${REALM}`,
    keys: { domain: REALM },
    receiveTimeoutMs: RECEIVE_PATIENCE_MS,
    trace: QUIET,
    extraArguments: SOCKET_BUFFER,
  };
}

/** The calls a second of each process that shares a load of this rate. Throws a HarnessError if it takes too many. */
export function shares(rate: number, mostOfOneProcess: number): number[] {
  const processes = Math.ceil(rate / mostOfOneProcess);
  if (processes > MOST_CALLERS) {
    throw new HarnessError(
      `${rate} calls/s need ${processes} SIPp processes; there are ${MOST_CALLERS} addresses`,
    );
  }
  const low = Math.floor(rate / processes);
  return Array.from({ length: processes }, (_, index) => low + (index < rate % processes ? 1 : 0));
}

/** Sends the load to the server and resolves when every call has ended. */
export async function runLoad(
  load: Load,
  applications: CalledApplications,
  server: ServerAddress,
  { rate, seconds, transport = 'udp' }: Volume,
  signal: AbortSignal,
): Promise<Outcome> {
  const started = performance.now();
  const results = await Promise.all(
    shares(rate, load.mostOfOneProcess).map((share, index) =>
      runSipp(
        {
          ...callerOptions(load.scenario, applications[load.application], server, index),
          transport,
          rate: share,
          calls: share * seconds,
          timeoutMs: seconds * 1000 + DRAIN_PATIENCE_MS,
        },
        { signal },
      ),
    ),
  );
  signal.throwIfAborted();
  return outcomeOf(results, performance.now() - started);
}

function outcomeOf(results: readonly SippResult[], tookMs: number): Outcome {
  const sum = (number: (result: SippResult) => number): number =>
    results.reduce((total, result) => total + number(result), 0);
  const requested = sum(({ calls }) => (calls.requested === 'unbounded' ? 0 : calls.requested));
  const successful = sum(({ calls }) => calls.successful);
  const created = sum(({ calls }) => calls.created);
  return {
    calls: created,
    // A call that was never begun has failed too.
    failed: requested - successful,
    retransmitted: sum(({ retransmissions }) => retransmissions),
    rate: created / (Math.max(1, tookMs - START_AND_END_MS) / 1000),
  };
}

/** Begins `dialogs` calls and resolves when all are open; `ended` resolves when all have been hung up. */
export async function openCalls(
  scenario: string,
  application: CalledApplication,
  server: ServerAddress,
  { dialogs, rate, holdMs }: { dialogs: number; rate: number; holdMs: number },
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<Outcome> }> {
  const allOpen = Promise.withResolvers<void>();
  const started = performance.now();
  const ended = runSipp(
    {
      ...callerOptions(scenario, application, server, 0),
      rate,
      calls: dialogs,
      limit: dialogs,
      timeoutMs: (dialogs / rate) * 1000 + holdMs + DRAIN_PATIENCE_MS,
      extraArguments: [...SOCKET_BUFFER, '-d', String(holdMs)],
    },
    {
      signal,
      onProgress({ calls }) {
        if (calls.created >= dialogs) allOpen.resolve();
      },
    },
  ).then((result) => outcomeOf([result], performance.now() - started));
  await Promise.race([allOpen.promise, ended]);
  signal.throwIfAborted();
  return { ended };
}

/** Whether the server answers an OPTIONS. */
export async function answersOptions(scenario: string, server: ServerAddress): Promise<boolean> {
  const application = { id: 'readiness', password: undefined };
  const { outcome } = await runSipp({
    ...callerOptions(scenario, application, server, 0),
    receiveTimeoutMs: 250,
  });
  return outcome === 'passed';
}
