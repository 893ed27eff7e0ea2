import type { Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import type { Exchange } from '../traffic/exchange.ts';

/** What a witness is told about the run it is started for. */
export interface WitnessedRun {
  readonly descriptor: TargetDescriptor;
  readonly placeName: PlaceName;
  readonly place: Place;
  /** Where it may keep files. */
  readonly folder: string;
  /** Called before each step with what is about to be done. */
  readonly onProgress: (doing: string) => void;
}

/** A witness that has been started for a run. */
export interface StartedWitness<Facts> {
  /** Plain data, no secrets: it crosses into the threads that run scenarios. */
  readonly facts: Facts;
  /** Resolves with the reason when it has ended, by itself or stopped; absent where that cannot be noticed. */
  readonly ended?: Promise<string>;
  /** Stops it, once only. Resolves with a reason to doubt its testimony, as a clause; undefined where there is none. */
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

/** A file that helps a reader of the report to follow a scenario. */
export interface Evidence {
  readonly fileName: string;
  readonly mediaType: string;
  readonly data: string | Buffer;
}

/**
 * Something of ours, beside the caller, that sees what the target does. The session starts it before the target, each
 * thread opens it, the steps ask it, and it gives evidence when a scenario is over.
 */
export interface Witness<Facts, Opened extends OpenedWitness> {
  /** Its name in sentences. */
  readonly name: string;
  /** The capability it watches. It is not started for a target that lacks it. */
  readonly watches?: keyof TargetDescriptor['capabilities'];
  /** Throws where it should start in this place and cannot. */
  start(run: WitnessedRun): Promise<StartedWitness<Facts> | AbsentWitness>;
  open(facts: Facts): Opened;
  /** What it shows of a scenario, beyond what each exchange shows of itself. */
  evidence?(opened: Opened, exchanges: readonly Exchange[]): Promise<readonly Evidence[]>;
}
