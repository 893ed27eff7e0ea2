import { z } from 'zod';

import { VERDICTS } from '../../harness/verdict.ts';

/** What a lab is asked to do: run these scenarios against the reference with this fault. */
export const faultJob = z.object({
  /** Names the job. */
  id: z.string(),
  /** Undefined: the reference as it is. */
  fault: z.string().optional(),
  /** Cucumber's expression of which. */
  tags: z.string(),
  /** The features that have them: no other is read. */
  features: z.array(z.string()),
  /** Scenarios at a time; 0: one after the other, in the thread that is there. */
  parallel: z.int(),
});
export type FaultJob = z.infer<typeof faultJob>;

/** What came of a job. */
export const faultReport = z.object({
  id: z.string(),
  seconds: z.number(),
  scenarios: z.array(
    z.object({
      rule: z.string(),
      name: z.string(),
      /** Its file and line. */
      place: z.string(),
      verdict: z.enum(VERDICTS),
      reason: z.string(),
      /** Its steps up to the one that failed, that one last, without their keywords; none where none failed. */
      steps: z.array(z.string()),
    }),
  ),
  /** What went wrong outside every scenario; the verdicts are worth nothing then. */
  problems: z.array(z.string()),
});
export type FaultReport = z.infer<typeof faultReport>;
