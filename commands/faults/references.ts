import { join } from 'node:path';

import { raiseLabOnce } from '../../harness/lab/namespace.ts';
import { provideCredentials } from '../../harness/run/session.ts';
import type { Place, TargetDescriptor } from '../../harness/target/descriptor.ts';
import { loadTarget } from '../../harness/target/load.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { FaultJob } from './job.ts';
import { WarmReference } from './warm_reference.ts';

/** So often is one process the reference: what faults leave behind in its memory does not pile up. */
const MOST_STARTS = 24;
/** Long, as several references start at a time on a busy machine; no verdict depends on it. */
const READY_MS = 60_000;

/** A reference for one job. */
export interface JobReference {
  readonly descriptor: TargetDescriptor;
  /** Resolves when it has ended; absent where the session is to start it. */
  readonly ended?: Promise<void>;
}

/** The references of a lab, one job after another. */
export class References {
  readonly #descriptor = loadTarget('reference');
  readonly #lab: Place;
  readonly #start: NonNullable<Place['start']>;
  readonly #folder: string;
  #warm: WarmReference | undefined;

  /** @param folder for the log of the process that is kept */
  constructor(folder: string) {
    const { start, ...lab } = this.#descriptor.places.lab ?? {};
    if (!start || !('sip' in lab))
      throw new HarnessError('the descriptor of the reference has no lab in which to start it');
    this.#folder = folder;
    this.#lab = lab;
    this.#start = { ...start, environment: { ...start.environment, VOICE_EDGE_DRAIN_SECONDS: '0' } };
  }

  /**
   * The reference with the job's fault, if there is one: running in the process that is kept, or else still to be started
   * in one of its own.
   */
  async for({ fault, isAlone }: FaultJob): Promise<JobReference> {
    const warm = isAlone ? undefined : await this.#warmWith(fault);
    if (warm) return { descriptor: this.#at(this.#lab), ended: warm.ended };
    if (this.#warm && !(await this.#warm.rest())) this.#warm = undefined;
    const program = fault === undefined ? ['impl/main.ts'] : ['faults/main.ts', '--fault', fault];
    const start = { ...this.#start, command: this.#commandOf(...program) };
    return { descriptor: this.#at({ ...this.#lab, start }) };
  }

  /** Ends the process that is kept. */
  async end(): Promise<void> {
    await this.#warm?.end();
    this.#warm = undefined;
  }

  async #warmWith(fault: string | undefined): Promise<WarmReference | undefined> {
    if (this.#warm && this.#warm.starts >= MOST_STARTS) await this.end();
    this.#warm ??= this.#newWarm();
    if (!(await this.#warm.become(fault))) this.#warm = undefined;
    return this.#warm;
  }

  #newWarm(): WarmReference {
    raiseLabOnce();
    provideCredentials(this.#descriptor);
    return new WarmReference({
      command: this.#commandOf('faults/sequence.ts'),
      environment: { ...process.env, ...this.#start.environment },
      logFile: join(this.#folder, 'reference.log'),
    });
  }

  /** The words that start another program in the place of the reference's own. */
  #commandOf(...program: readonly string[]): string[] {
    const [node = '', , ...rest] = this.#start.command;
    return [node, ...program, ...rest];
  }

  #at(lab: Place): TargetDescriptor {
    const timeouts = { ...this.#descriptor.timeouts, ready: { ms: READY_MS } };
    return { ...this.#descriptor, timeouts, places: { lab } };
  }
}
