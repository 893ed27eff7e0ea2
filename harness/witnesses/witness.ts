import type { Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import type { Exchange } from '../traffic/exchange.ts';

/** What a witness is told of the run that it is started for. */
export interface WitnessedRun {
  readonly descriptor: TargetDescriptor;
  readonly placeName: PlaceName;
  readonly place: Place;
  /** Where it may keep files. */
  readonly folder: string;
  /** Told of each thing before it is done. */
  readonly onProgress: (doing: string) => void;
}

/** A witness that has been started for a run. */
export interface StartedWitness<Facts> {
  /** Plain data, no secrets: it crosses into the threads that run scenarios. */
  readonly facts: Facts;
  /** Resolves with the reason when it has ended, by itself or not; absent where nobody can tell. */
  readonly ended?: Promise<string>;
  /** Resolves with what makes its testimony doubtful, as a clause; undefined where nothing does. Stops it once only. */
  stop(): Promise<string | undefined>;
}

/** Why a witness was not started, as a clause. */
export interface AbsentWitness {
  readonly absent: string;
}

/** A witness in one of the threads that run scenarios. */
export interface OpenedWitness {
  close(): void | Promise<void>;
}

/** Something a reader of the report is given to follow a scenario. */
export interface Evidence {
  readonly fileName: string;
  readonly mediaType: string;
  readonly data: string | Buffer;
}

/**
 * Somebody of ours who sees what the target does, beside the caller. The session starts it before the target; each
 * thread opens it, and the steps ask it; it gives evidence when a scenario is over.
 */
export interface Witness<Facts, Opened extends OpenedWitness> {
  /** What sentences call that which is started. */
  readonly name: string;
  /** The capability of the target without which it has nothing to see, and is not started. */
  readonly watches?: keyof TargetDescriptor['capabilities'];
  /** Throws where it ought to be had and cannot. */
  start(run: WitnessedRun): Promise<StartedWitness<Facts> | AbsentWitness>;
  open(facts: Facts): Opened;
  /** What it has to show of a scenario, beside what each exchange shows of itself. */
  evidence?(opened: Opened, exchanges: readonly Exchange[]): Promise<readonly Evidence[]>;
}
