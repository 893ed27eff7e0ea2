import { z } from 'zod';

import { VERDICTS } from '../../harness/verdict.ts';
import type { LabWorker } from './labs.ts';

/** What a lab is asked to do: run the smoke set and the scenarios of some rules against the reference with this fault. */
export const faultJob = z.object({
  /** Names the job. */
  id: z.string(),
  /** Undefined: the reference without a fault. */
  fault: z.string().optional(),
  /** The features that hold scenarios of the smoke set, which are run first; empty: it is not run. */
  smoke: z.array(z.string()),
  /** Cucumber's tag expression that selects the other scenarios. */
  tags: z.string(),
  /** The features that hold these; no others are read. */
  features: z.array(z.string()),
  /**
   * The rules that ask for what the fault breaks. Once a scenario of theirs has failed no other begins, unless a rule
   * turned red that is neither here nor in `collateral`. Empty: all scenarios are run.
   */
  rules: z.array(z.string()),
  /** Other rules that may turn red. */
  collateral: z.array(z.string()),
  /** Whether the reference gets a process of its own for it: the scenarios look at the process, or the first try was odd. */
  isAlone: z.boolean(),
  /** Scenarios at a time; 0: one after the other, in the worker's own thread. */
  parallel: z.int(),
});
/** A job, as a line on the standard input of a worker. */
export type FaultJob = z.infer<typeof faultJob>;

/** What came of a job. */
const faultReport = z.object({
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
      /** Its steps up to and including the first that failed, without keywords; empty if none failed. */
      steps: z.array(z.string()),
    }),
  ),
  /** What went wrong outside the scenarios. If anything did, the verdicts mean nothing. */
  problems: z.array(z.string()),
});
/** The report of a job, as a line on the standard output of a worker. */
export type FaultReport = z.infer<typeof faultReport>;

/** The worker that does such jobs. */
export const FAULT_WORKER: LabWorker<FaultReport> = {
  program: new URL('./worker.ts', import.meta.url).pathname,
  patienceMs: 180_000,
  read: (line) => faultReport.parse(line),
  lost: (id, problem, seconds) => ({ id, seconds, scenarios: [], problems: [problem] }),
};
