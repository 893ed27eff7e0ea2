import { z } from 'zod';

import { VERDICTS } from '../../harness/verdict.ts';
import type { LabWorker } from '../faults/labs.ts';

/** What a lab is asked to do. */
export const mutantJob = z.discriminatedUnion('kind', [
  z.object({
    /** Run all scenarios of a feature without any mutant, and tell which mutants each reaches. */
    kind: z.literal('survey'),
    id: z.string(),
    feature: z.string(),
    /** Cucumber's tag expression. */
    tags: z.string(),
  }),
  z.object({
    /** Run scenarios against a mutant until one fails. */
    kind: z.literal('trial'),
    id: z.string(),
    /** The mutant's number. */
    mutant: z.string(),
    /** Whether the reference has to be started with it: its code runs before the first request, or goes by what it did before. */
    isAlone: z.boolean(),
    /** `file:line` of each scenario, in the order in which they are to run. */
    scenarios: z.array(z.string()).min(1),
  }),
]);
/** A job, as a line on the standard input of a worker. */
export type MutantJob = z.infer<typeof mutantJob>;
export type Survey = Extract<MutantJob, { kind: 'survey' }>;
export type Trial = Extract<MutantJob, { kind: 'trial' }>;

const surveyedScenario = z.object({
  /** Its file and line. */
  place: z.string(),
  rule: z.string(),
  name: z.string(),
  verdict: z.enum(VERDICTS),
  /** Why it did not pass; empty if it did. */
  reason: z.string(),
  durationMs: z.number(),
  /** The numbers of the mutants it reached. */
  reached: z.array(z.string()),
});
/** A scenario that was run without any mutant. */
export type SurveyedScenario = z.infer<typeof surveyedScenario>;

const killer = z.object({
  /** `start`: the reference did not get ready. `end`: it ended. `scenario`: a scenario failed. */
  by: z.enum(['start', 'end', 'scenario']),
  /** The scenario's place; empty if the reference did not get ready. */
  place: z.string(),
  reason: z.string(),
});
/** What found a mutant. */
export type Killer = z.infer<typeof killer>;

/** Reads a report. */
export const mutantReport = z.object({
  id: z.string(),
  seconds: z.number(),
  /** Of a survey: the numbers of the mutants whose code runs before the first request. */
  atStart: z.array(z.string()),
  /** Of a survey. */
  surveyed: z.array(surveyedScenario),
  /** Of a trial: what found the mutant; null if nothing did. */
  killedBy: killer.nullable(),
  /** Of a trial: scenarios that could be judged neither way, and why. */
  unjudged: z.array(z.string()),
  /** What went wrong outside the scenarios. If anything did, the rest means nothing. */
  problems: z.array(z.string()),
});
/** The report of a job, as a line on the standard output of a worker. */
export type MutantReport = z.infer<typeof mutantReport>;

/** The report of a job that came to nothing. */
export function emptyReport(id: string, seconds: number, problems: string[] = []): MutantReport {
  return { id, seconds, atStart: [], surveyed: [], killedBy: null, unjudged: [], problems };
}

/** The worker that does such jobs. A mutant that nothing finds is tried by the whole suite, one scenario at a time. */
export const MUTANT_WORKER: LabWorker<MutantReport> = {
  program: new URL('./worker.ts', import.meta.url).pathname,
  patienceMs: 900_000,
  read: (line) => mutantReport.parse(line),
  lost: (id, problem, seconds) => emptyReport(id, seconds, [problem]),
};
