import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { SippError } from 'sipp-ts-wrapper';

import { assertSafeToSend } from '../lab/guard.ts';
import { raiseLabOnce } from '../lab/namespace.ts';
import type { Account, Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import { TargetProcess } from '../target/process.ts';
import { untilReady } from '../target/readiness.ts';
import { sourceAddressTowards } from '../target/source_address.ts';
import { assertVacant } from '../target/vacancy.ts';
import { HarnessError } from '../verdict.ts';
import { startWitnesses } from '../witnesses/index.ts';
import type { StartedWitness } from '../witnesses/witness.ts';
import type { RunEnd, RunFacts } from './facts.ts';

const LOOPBACK = '127.0.0.1';

/** What a run is to be made of. */
export interface SessionOptions {
  readonly descriptor: TargetDescriptor;
  readonly placeName: PlaceName;
  /** What traffic is made up from; in `RunFacts` for the threads. */
  readonly seed: number;
  /** Folder for logs and what witnesses keep. */
  readonly folder: string;
  /** Told of each thing before it is done. */
  readonly onProgress: (doing: string) => void;
  /** Aborted when the run is to end before it has begun. */
  readonly signal?: AbortSignal;
}

/** A started target with everything around it. */
export class Session {
  readonly facts: RunFacts;
  readonly #parts: StartedPart[];
  #end: RunEnd | undefined;
  #stopping = false;

  private constructor(facts: RunFacts, parts: StartedPart[]) {
    this.facts = facts;
    this.#parts = parts;
    for (const { ended } of parts) void ended?.then((end) => this.#broke(end));
  }

  /**
   * Raises the lab where the run is in one, starts the witnesses and the target, and waits until the target is
   * ready. Throws a HarnessError where any of it fails, or the signal's reason, with everything stopped that had
   * been started.
   */
  static async start(options: SessionOptions): Promise<Session> {
    const { descriptor, placeName, seed, folder, onProgress, signal } = options;
    const place = descriptor.places[placeName];
    if (!place)
      throw new HarnessError(`the target ${descriptor.name} has no place "${placeName}" in its descriptor`);
    provideCredentials(descriptor);
    makeFolder(folder);
    const parts: StartedPart[] = [];
    try {
      if (placeName === 'lab') raiseLabOnce();
      assertSafeToSend(place.sip.host);
      await assertVacant(place, placeName);
      const run = { descriptor, placeName, place, folder, onProgress };
      const witnesses = await startWitnesses(run, (name, witness) => parts.push(partOf(name, witness)));
      const defaultAddress = await defaultAddressOf(place, placeName);
      onProgress(`${place.start ? 'starting' : 'waiting for'} ${descriptor.name}`);
      const target =
        place.start &&
        (await TargetProcess.start(place.start.command, place.start.environment, join(folder, 'target.log')));
      if (target) parts.push(targetPart(target));
      const patienceMs = descriptor.timeouts.ready.ms;
      await untilReady(place, { from: defaultAddress, patienceMs, ended: target?.ended, signal });
      const facts: RunFacts = {
        descriptor,
        placeName,
        place,
        witnesses,
        defaultAddress,
        seed,
        endFile: freshEndFile(folder),
      };
      return new Session(facts, parts);
    } catch (error) {
      await stopAll(parts);
      throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
    }
  }

  /** Why the run came to an early end; undefined where it did not. */
  get earlyEnd(): RunEnd | undefined {
    return this.#end;
  }

  /** Lets no further scenario begin. The first reason stands. */
  finish(end: RunEnd): void {
    if (this.#end) return;
    this.#end = end;
    writeFileSync(this.facts.endFile, JSON.stringify(end));
  }

  #broke(end: RunEnd): void {
    if (!this.#stopping) this.finish(end);
  }

  /** Stops everything in the reverse order of its start. Resolves with what makes a witness doubtful, as clauses. */
  stop(): Promise<readonly string[]> {
    this.#stopping = true;
    return stopAll(this.#parts);
  }
}

/** Something of a run that was started, and is to be stopped. */
interface StartedPart {
  /** Resolves when it has ended. */
  readonly ended: Promise<RunEnd> | undefined;
  /** Resolves with what makes a witness doubtful. */
  stop(): Promise<string | undefined>;
}

function partOf(name: string, witness: StartedWitness<unknown>): StartedPart {
  const ended = witness.ended?.then((reason): RunEnd => {
    return { kind: 'witness-ended', sentence: `${name} ended in the middle of the run: ${reason}` };
  });
  return { ended, stop: () => witness.stop() };
}

function targetPart(target: TargetProcess): StartedPart {
  const ended = target.ended.then(({ sentence, details }): RunEnd => {
    return {
      kind: 'target-ended',
      sentence: `the target ended in the middle of the run: ${sentence}`,
      details,
    };
  });
  return {
    ended,
    async stop() {
      await target.stop();
      return undefined;
    },
  };
}

/** Stops every part, whatever becomes of the others; then throws the first error there was. */
async function stopAll(parts: StartedPart[]): Promise<readonly string[]> {
  const errors: unknown[] = [];
  const doubts: string[] = [];
  for (const part of parts.splice(0).toReversed()) {
    const doubt = await part.stop().catch((error: unknown) => void errors.push(error));
    if (doubt !== undefined) doubts.push(doubt);
  }
  if (errors.length > 0) throw errors[0];
  return doubts;
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

async function defaultAddressOf(place: Place, placeName: PlaceName): Promise<string> {
  const [first] = place.vantagePoints;
  if (first) return first.address;
  return placeName === 'remote' ? sourceAddressTowards(place.sip) : LOOPBACK;
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
