import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SippError, startSipp } from 'sipp-ts-wrapper';
import { startCapture, type Capture, type CaptureCount } from '../capture/dumpcap.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { raiseLab } from '../lab/namespace.ts';
import type { Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import { TargetProcess } from '../target/process.ts';
import { untilReady } from '../target/readiness.ts';
import { HarnessError } from '../verdict.ts';
import type { RunEnd, RunFacts } from './facts.ts';

const LOOPBACK = '127.0.0.1';
const PLATFORM_SCENARIO = 'scenarios/platform/answering.xml';

/** What a run is to be made of. */
export interface SessionOptions {
  readonly descriptor: TargetDescriptor;
  readonly placeName: PlaceName;
  /** Folder for logs and the capture. */
  readonly folder: string;
  /** Told of each thing before it is done. */
  readonly onProgress: (doing: string) => void;
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
   * is ready. Throws a HarnessError where any of it fails, with everything stopped that had been started.
   */
  static async start(options: SessionOptions): Promise<Session> {
    const { descriptor, placeName, folder, onProgress } = options;
    const place = descriptor.places[placeName];
    if (!place)
      throw new HarnessError(`the target ${descriptor.name} has no place "${placeName}" in its descriptor`);
    mkdirSync(folder, { recursive: true });
    const undo: (() => Promise<void>)[] = [];
    try {
      if (placeName === 'lab') raiseLab();
      assertSafeToSend(place.sip.host);
      onProgress('starting the capture');
      const capture =
        placeName === 'lab'
          ? await startCapture({ interface: 'lo', file: join(folder, 'run.pcap') })
          : undefined;
      if (capture) undo.push(async () => void (await capture.stop()));
      const platform = await startPlatform(place, descriptor);
      if (platform) undo.push(async () => void (await platform.stop(0)));
      onProgress(`starting ${descriptor.name}`);
      const target = await startTarget(place, descriptor, join(folder, 'target.log'));
      if (target) undo.push(() => target.stop());
      const defaultAddress = place.vantagePoints[0]?.address ?? LOOPBACK;
      await untilReady(place, defaultAddress, descriptor.timeouts.ready.ms, target?.ended);
      const endFile = join(folder, 'end.json');
      rmSync(endFile, { force: true });
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
        endFile,
      };
      const session = new Session(facts, undo, capture);
      void target?.ended.then(({ sentence }) =>
        session.broke('target-ended', `the target ended in the middle of the run: ${sentence}`),
      );
      void platform?.ended.then((sentence) =>
        session.broke(
          'platform-ended',
          `the voice platform's stand-in ended in the middle of the run: ${sentence}`,
        ),
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

  private broke(kind: RunEnd['kind'], sentence: string): void {
    if (!this.stopping) this.finish({ kind, sentence });
  }

  /** Stops everything in the reverse order of its start. Undefined where nothing was captured. */
  async stop(): Promise<CaptureCount | undefined> {
    this.stopping = true;
    await stopAll(this.undo);
    return this.capture?.stop();
  }
}

async function stopAll(undo: (() => Promise<void>)[]): Promise<void> {
  for (const step of undo.splice(0).toReversed()) await step();
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

async function startTarget(
  place: Place,
  descriptor: TargetDescriptor,
  logFile: string,
): Promise<TargetProcess | undefined> {
  const { clientId, clientSecret, generated } = descriptor.account;
  for (const { environment } of [clientId, clientSecret]) {
    if (process.env[environment] !== undefined) continue;
    if (!generated) {
      throw new HarnessError(
        `${environment} is not set: the target's descriptor takes its OAuth client from there`,
      );
    }
    process.env[environment] = randomBytes(18).toString('hex');
  }
  return place.start && TargetProcess.start(place.start.command, place.start.environment, logFile);
}
