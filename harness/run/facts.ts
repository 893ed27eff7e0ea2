import { z } from 'zod';

import type { Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import type { WitnessFacts } from '../witnesses/index.ts';

/** What the threads that run scenarios need to know of the run. Plain data, no secrets. */
export interface RunFacts {
  readonly descriptor: TargetDescriptor;
  readonly placeName: PlaceName;
  readonly place: Place;
  readonly witnesses: WitnessFacts;
  /** The address calls come from where a scenario does not care. */
  readonly defaultAddress: string;
  /** What the run's traffic is made up from: equal seeds make equal traffic. */
  readonly seed: number;
  /** This file exists once the run is to end: it says why, as JSON. */
  readonly endFile: string;
}

/** Why scenarios that have not begun shall not: the user's wish, or the death of what they need. */
export const runEnd = z.object({
  kind: z.enum(['interrupted', 'target-ended', 'witness-ended']),
  sentence: z.string(),
  /** What else a reader wants to know: last lines, and where the log is. */
  details: z.string().optional(),
});
export type RunEnd = z.infer<typeof runEnd>;
