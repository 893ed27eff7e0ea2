import { z } from 'zod';

import type { Rule } from '../rules.ts';
import type { Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import type { WitnessFacts } from '../witnesses/index.ts';

/** What the threads that run scenarios must know about the run. Plain data, no secrets. */
export interface RunFacts {
  readonly descriptor: TargetDescriptor;
  /** The catalogue: to read its file takes longer than many a scenario. */
  readonly rules: readonly Rule[];
  readonly placeName: PlaceName;
  readonly place: Place;
  readonly witnesses: WitnessFacts;
  /** Where calls come from unless a scenario says otherwise. */
  readonly defaultAddress: string;
  /** Seed of the run's random values: equal seeds make equal traffic. */
  readonly seed: number;
  /** The only row of the decision table to be tried, by its name; absent: all. */
  readonly row?: string;
  /** Where the output of the target goes; absent where the run did not start it. */
  readonly logFile?: string;
  /** The target's process; absent where the run did not start it. */
  readonly targetPid?: number;
  /** A file that exists once the run shall end early; it holds a `RunEnd` as JSON. */
  readonly endFile: string;
}

/** Why no further scenario shall begin: the user's wish, or the end of something they need. */
export const runEnd = z.object({
  kind: z.enum(['interrupted', 'target-ended', 'target-hung', 'witness-ended']),
  sentence: z.string(),
  /** What else a reader wants to know: last lines, and where the log is. */
  details: z.string().optional(),
});
export type RunEnd = z.infer<typeof runEnd>;
