// Runs inside a lab: surveys and trials of mutants, one after another, against the instrumented reference.
import { dirname } from 'node:path';
import { inspect } from 'node:util';

import { HarnessError } from '../../harness/verdict.ts';
import { answerJobs } from '../faults/answer_jobs.ts';
import { LabScenarios } from '../faults/lab_scenarios.ts';
import { emptyReport, mutantJob, type MutantReport } from './job.ts';
import { LatestKillers } from './latest_killers.ts';
import { MutatedReference } from './mutated_reference.ts';
import { survey } from './survey.ts';
import { trial } from './trial.ts';

const [, , folder = 'reports/out/mutants/lab-1'] = process.argv;
const reference = new MutatedReference(dirname(folder), folder, await LabScenarios.load());
const killers = new LatestKillers();

await answerJobs(async (line): Promise<MutantReport> => {
  const job = mutantJob.parse(line);
  const started = performance.now();
  const doing = job.kind === 'survey' ? survey(job, reference) : trial(job, reference, killers);
  const outcome = await doing.catch(async (error: unknown) => {
    // Whatever state it is in, the next job gets a new one.
    await reference.stop();
    return { problems: [error instanceof HarnessError ? error.message : inspect(error)] };
  });
  return { ...emptyReport(job.id, (performance.now() - started) / 1000), ...outcome };
});
