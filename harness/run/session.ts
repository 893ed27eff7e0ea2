import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SippError, startSipp } from 'sipp-ts-wrapper';
import { startCapture, type Capture, type CaptureCount } from '../capture/dumpcap.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { raiseLabOnce } from '../lab/namespace.ts';
import type { Account, Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import { TargetProcess } from '../target/process.ts';
import { untilReady } from '../target/readiness.ts';
import { sourceAddressTowards } from '../target/source_address.ts';
import { assertVacant } from '../target/vacancy.ts';
import { HarnessError } from '../verdict.ts';
import type { RunEnd, RunFacts } from './facts.ts';

const LOOPBACK = '127.0.0.1';
const PLATFORM_SCENARIO = 'scenarios/sip/voice-platform.xml';

/** What a run is to be made of. */
export interface SessionOptions {
  readonly descriptor: TargetDescriptor;
  readonly placeName: PlaceName;
  /** What traffic is made up from; in `RunFacts` for the threads. */
  readonly seed: number;
  /** Folder for logs and the capture. */
  readonly folder: string;
  /** Told of each thing before it is done. */
  readonly onProgress: (doing: string) => void;
  /** Aborted when the run is to end before it has begun. */
  readonly signal?: AbortSignal;
}

/** A started target with everything around it. */
export class Session {
  readonly facts: RunFacts;
  private readonly undo: (() => Promise<void>)[];
  private readonly capture: Capture | undefined;
  private end: RunEnd | undefined;
  private stopping = false;

  private constructor(facts: RunFacts, undo: (() => Promise<void>)[], capture: Capture | undefined) {
    this.facts = facts;
    this.undo = undo;
    this.capture = capture;
  }

  /**
   * Raises the lab where the run is in one, starts capture, voice platform and target, and waits until the target
   * is ready. Throws a HarnessError where any of it fails, or the signal's reason, with everything stopped that had
   * been started.
   */
  static async start(options: SessionOptions): Promise<Session> {
    const { descriptor, placeName, seed, folder, onProgress, signal } = options;
    const place = descriptor.places[placeName];
    if (!place)
      throw new HarnessError(`the target ${descriptor.name} has no place "${placeName}" in its descriptor`);
    provideCredentials(descriptor);
    makeFolder(folder);
    const undo: (() => Promise<void>)[] = [];
    try {
      if (placeName === 'lab') raiseLabOnce();
      assertSafeToSend(place.sip.host);
      await assertVacant(place, placeName);
      const capture = placeName === 'lab' ? await startLabCapture(folder, onProgress) : undefined;
      if (capture) undo.push(async () => void (await capture.stop()));
      const platform = await startPlatform(place, descriptor);
      if (platform) undo.push(async () => void (await platform.stop(0)));
      const defaultAddress = await defaultAddressOf(place, placeName);
      onProgress(`${place.start ? 'starting' : 'waiting for'} ${descriptor.name}`);
      const target =
        place.start &&
        (await TargetProcess.start(place.start.command, place.start.environment, join(folder, 'target.log')));
      if (target) undo.push(() => target.stop());
      const patienceMs = descriptor.timeouts.ready.ms;
      await untilReady(place, { from: defaultAddress, patienceMs, ended: target?.ended, signal });
      const facts: RunFacts = {
        descriptor,
        placeName,
        place,
        capture: capture?.file ?? null,
        oneWitness: capture
          ? null
          : `no packets can be captured in the place "${placeName}": SIPp's word stands alone`,
        platform: platform ? { ...platform.at, trace: platform.trace } : null,
        defaultAddress,
        seed,
        endFile: freshEndFile(folder),
      };
      const session = new Session(facts, undo, capture);
      void target?.ended.then(({ sentence, details }) =>
        session.broke({
          kind: 'target-ended',
          sentence: `the target ended in the middle of the run: ${sentence}`,
          details,
        }),
      );
      void platform?.ended.then((reason) =>
        session.broke({
          kind: 'platform-ended',
          sentence: `the voice platform's stand-in ended in the middle of the run: ${reason}`,
        }),
      );
      return session;
    } catch (error) {
      await stopAll(undo);
      throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
    }
  }

  /** Why the run came to an early end; undefined where it did not. */
  get earlyEnd(): RunEnd | undefined {
    return this.end;
  }

  /** Lets no further scenario begin. The first reason stands. */
  finish(end: RunEnd): void {
    if (this.end) return;
    this.end = end;
    writeFileSync(this.facts.endFile, JSON.stringify(end));
  }

  private broke(end: RunEnd): void {
    if (!this.stopping) this.finish(end);
  }

  /** Stops everything in the reverse order of its start. Undefined where nothing was captured. */
  async stop(): Promise<CaptureCount | undefined> {
    this.stopping = true;
    await stopAll(this.undo);
    return this.capture?.stop();
  }
}

/** Runs every step, whatever becomes of the others; then throws the first error there was. */
async function stopAll(undo: (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of undo.splice(0).toReversed()) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new HarnessError(`the folder ${folder} cannot be made for logs and reports: ${String(error)}`);
  }
}

/** The file's path; what an earlier run left there is gone. */
function freshEndFile(folder: string): string {
  const file = join(folder, 'end.json');
  rmSync(file, { force: true });
  return file;
}

function startLabCapture(folder: string, onProgress: SessionOptions['onProgress']): Promise<Capture> {
  onProgress('starting the capture');
  return startCapture({ interface: 'lo', file: join(folder, 'run.pcap') });
}

async function defaultAddressOf(place: Place, placeName: PlaceName): Promise<string> {
  const [first] = place.vantagePoints;
  if (first) return first.address;
  return placeName === 'remote' ? sourceAddressTowards(place.sip) : LOOPBACK;
}

interface Platform {
  readonly at: { readonly host: string; readonly port: number };
  readonly trace: string;
  /** Resolves with the reason when it is gone. */
  readonly ended: Promise<string>;
  stop(graceMs: number): Promise<unknown>;
}

async function startPlatform(place: Place, descriptor: TargetDescriptor): Promise<Platform | undefined> {
  const at = place.platform;
  if (descriptor.capabilities['downstream-sip'] !== true || !at) return undefined;
  assertSafeToSend(at.host);
  const sipp = await startSipp({
    scenario: PLATFORM_SCENARIO,
    local: { address: at.host, port: at.port },
    calls: 'unbounded',
  });
  const ended = sipp.exited.then(
    ({ reason }) => reason,
    (error: unknown) => String(error),
  );
  return { at, trace: sipp.messageTrace, ended, stop: (graceMs) => sipp.stop(graceMs) };
}

/** Sees to it that the descriptor's variables are set: generates what may be generated, throws for the rest. */
function provideCredentials({ account, otherAccount }: TargetDescriptor): void {
  provideClient(account, 'account');
  if (otherAccount) provideClient(otherAccount, 'otherAccount');
}

function provideClient({ clientId, clientSecret, generated }: Account, field: string): void {
  const unset = [clientId, clientSecret]
    .map(({ environment }) => environment)
    .filter((name) => !process.env[name]);
  if (unset.length > 0 && !generated) {
    throw new HarnessError(
      `not set in the environment: ${unset.join(', ')}. The target's OAuth client is taken from there (${field} in ` +
        `its descriptor): ${unset.map((name) => `${name}=…`).join(' ')} npm run features -- …`,
    );
  }
  for (const name of unset) process.env[name] = randomBytes(18).toString('hex');
}
