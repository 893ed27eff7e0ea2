// Runs inside a lab: scenarios against the reference with one fault after another.
import { mkdirSync } from 'node:fs';
import { inspect } from 'node:util';

import { HarnessError } from '../../harness/verdict.ts';
import { answerJobs } from './answer_jobs.ts';
import { FaultTrial } from './fault_trial.ts';
import { faultJob, type FaultJob, type FaultReport } from './job.ts';
import { LabScenarios } from './lab_scenarios.ts';
import { References } from './references.ts';
import { Sessions } from './sessions.ts';

const [, , folder = 'reports/out/faults'] = process.argv;
mkdirSync(folder, { recursive: true });
const sessions = new Sessions(new References(folder), folder);
const scenarios = await LabScenarios.load();
/** Scenarios that were run against one process may not be told from each other by chance. */
let seed = 0;

async function attempt(job: FaultJob): Promise<Pick<FaultReport, 'scenarios' | 'problems'>> {
  const session = await sessions.for(job);
  try {
    const trial = new FaultTrial(job, scenarios, () => ({ ...session.facts, seed: ++seed }));
    const { scenarios: tried, problems } = await trial.run();
    const { earlyEnd } = session;
    const end = earlyEnd ? [`${earlyEnd.sentence}\n${earlyEnd.details ?? ''}`] : [];
    return { scenarios: tried, problems: [...problems, ...end] };
  } finally {
    await sessions.release(session);
  }
}

async function report(line: unknown): Promise<FaultReport> {
  const job = faultJob.parse(line);
  const started = performance.now();
  const outcome = await attempt(job).catch((error: unknown) => ({
    scenarios: [],
    problems: [error instanceof HarnessError ? error.message : inspect(error)],
  }));
  const seconds = (performance.now() - started) / 1000;
  return { id: job.id, seconds, ...outcome };
}

await answerJobs(report, () => sessions.end());
