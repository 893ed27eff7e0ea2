import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { SippError, sippWarning } from 'sipp-ts-wrapper';

import { assertSafeToSend } from '../lab/guard.ts';
import { raiseLabOnce } from '../lab/namespace.ts';
import { loadRules } from '../rules.ts';
import type { Account, Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import { LifeWatch } from '../target/life.ts';
import { DescriptorMistake } from '../target/mistake.ts';
import { TargetProcess } from '../target/process.ts';
import { untilReady } from '../target/readiness.ts';
import { sourceAddressTowards } from '../target/source_address.ts';
import { assertVacant } from '../target/vacancy.ts';
import { HarnessError } from '../verdict.ts';
import { startWitnesses } from '../witnesses/index.ts';
import type { StartedWitness } from '../witnesses/witness.ts';
import type { RunEnd, RunFacts } from './facts.ts';

const LOOPBACK = '127.0.0.1';

/** What a session is started with. */
export interface SessionOptions {
  readonly descriptor: TargetDescriptor;
  readonly placeName: PlaceName;
  /** Seed of the traffic's random values. */
  readonly seed: number;
  /** The only row of the decision table to be tried, by its name; absent: all. */
  readonly row?: string | undefined;
  /** Folder for logs and what witnesses keep. */
  readonly folder: string;
  /** Called before each step with what is about to be done. */
  readonly onProgress: (doing: string) => void;
  /** Ends the start when aborted. */
  readonly signal?: AbortSignal;
}

/** A started target, with the lab and the witnesses around it. */
export class Session {
  readonly facts: RunFacts;
  /** Resolves when the run is to end early; never, where it does not. */
  readonly ended: Promise<RunEnd>;
  readonly #parts: StartedPart[];
  readonly #announce: (end: RunEnd) => void;
  readonly #kill: () => void;
  #watch: LifeWatch | undefined;
  #end: RunEnd | undefined;
  #stopping = false;

  private constructor(facts: RunFacts, parts: StartedPart[], target: TargetProcess | undefined) {
    this.facts = facts;
    this.#kill = () => target?.kill();
    this.#parts = parts;
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    this.ended = promise;
    this.#announce = resolve;
    for (const { ended } of parts) void ended?.then((end) => this.#broke(end));
  }

  /**
   * Raises the lab where the run is in one, starts the witnesses and the target, and waits until the target is
   * ready. Throws a HarnessError where any of it fails, or the signal's reason; everything started is stopped first.
   */
  static async start(options: SessionOptions): Promise<Session> {
    const { descriptor, placeName, seed, row, folder, onProgress, signal } = options;
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
      const warning = await sippWarning();
      if (warning !== undefined) onProgress(warning);
      const run = { descriptor, placeName, place, folder, onProgress };
      const witnesses = await startWitnesses(run, (name, witness) => parts.push(partOf(name, witness)));
      const defaultAddress = await defaultAddressOf(place, placeName);
      onProgress(`${place.start ? 'starting' : 'waiting for'} ${descriptor.name}`);
      const logFile = join(folder, 'target.log');
      const { command = [], environment = {} } = place.start ?? {};
      const target = place.start && (await TargetProcess.start(command, environment, logFile));
      if (target) parts.push(targetPart(target));
      const { ready, answer } = descriptor.timeouts;
      const patience = { patienceMs: ready.ms, answerMs: answer.ms };
      await untilReady(place, { from: defaultAddress, ...patience, ended: target?.ended, signal });
      const facts: RunFacts = {
        descriptor,
        rules: [...loadRules().values()],
        placeName,
        place,
        witnesses,
        defaultAddress,
        seed,
        ...(row !== undefined && { row }),
        ...(target && { logFile }),
        ...(target?.pid !== undefined && { targetPid: target.pid }),
        endFile: freshEndFile(folder),
      };
      return new Session(facts, parts, target);
    } catch (error) {
      await stopAll(parts);
      if (error instanceof DescriptorMistake) throw error.within(['places', placeName]);
      throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
    }
  }

  /** Why the run ends early; undefined while it does not. */
  get earlyEnd(): RunEnd | undefined {
    return this.#end;
  }

  /** Lets no further scenario begin. The first reason stands. */
  finish(end: RunEnd): void {
    if (this.#end) return;
    this.#end = end;
    writeFileSync(this.facts.endFile, JSON.stringify(end));
    this.#announce(end);
  }

  /** Ends the target at once; one that runs in circles would not heed a polite request. */
  kill(): void {
    this.#kill();
  }

  /**
   * Watches from now on whether the target answers anything at all, and ends the run where it does not.
   *
   * @param isExcused whether a scenario is under way that keeps the target from answering
   */
  async watch(isExcused: () => boolean): Promise<void> {
    const { place, defaultAddress: from, descriptor, logFile } = this.facts;
    const life = { place, from, answerMs: descriptor.timeouts.answer.ms };
    const hung = (seconds: number): void => {
      const sentence =
        `the target hung in the middle of the run: it answered nothing at all for ${seconds.toFixed(1)} s, neither ` +
        'over SIP nor over HTTP';
      this.#broke({
        kind: 'target-hung',
        sentence,
        ...(logFile === undefined ? {} : { details: `Whole log: ${logFile}` }),
      });
      this.kill();
    };
    this.#watch = await LifeWatch.start(life, hung, isExcused);
  }

  #broke(end: RunEnd): void {
    if (!this.#stopping) this.finish(end);
  }

  /** Stops everything in reverse order of its start. Resolves with the reasons to doubt a witness, as clauses. */
  stop(): Promise<readonly string[]> {
    this.#stopping = true;
    this.#watch?.stop();
    return stopAll(this.#parts);
  }
}

/** A started part of a run that must be stopped. */
interface StartedPart {
  /** Resolves when it has ended. */
  readonly ended: Promise<RunEnd> | undefined;
  /** Resolves with a reason to doubt a witness; undefined where there is none. */
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

/** Stops every part, even where another one fails to stop; then throws the first error, if any. */
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

/** The file's path. Removes what an earlier run left there. */
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

/** Makes sure that the descriptor's variables are set: generates what may be generated, throws for the rest. */
export function provideCredentials({ account, otherAccount }: TargetDescriptor): void {
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
