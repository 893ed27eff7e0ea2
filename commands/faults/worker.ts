// Runs inside a lab: scenarios against the reference with one fault after another.
import { inspect } from 'node:util';

import { Session } from '../../harness/run/session.ts';
import type { TargetDescriptor } from '../../harness/target/descriptor.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { ResultCollector } from '../../reports/index.ts';
import { answerJobs } from './answer_jobs.ts';
import { faultJob, type FaultJob, type FaultReport } from './job.ts';
import { LabScenarios } from './lab_scenarios.ts';
import { referenceInLab } from './reference_in_lab.ts';
import { Trials } from './trials.ts';

/** Every fault gets the same random values in its traffic. */
const SEED = 1;

const [, , folder = 'reports/out/faults'] = process.argv;
const scenarios = await LabScenarios.load();

/** The reference, with the fault if there is one. */
function targetWith(fault: string | undefined): TargetDescriptor {
  return referenceInLab(fault === undefined ? ['impl/main.ts'] : ['faults/main.ts', '--fault', fault]);
}

async function attempt(job: FaultJob): Promise<Omit<FaultReport, 'id' | 'seconds'>> {
  const collector = new ResultCollector(process.cwd());
  const trials = new Trials();
  const session = await Session.start({
    descriptor: targetWith(job.fault),
    placeName: 'lab',
    folder,
    seed: SEED,
    onProgress: () => undefined,
  });
  try {
    await scenarios.run(job, session.facts, (envelope) => {
      collector.receive(envelope);
      trials.receive(envelope);
    });
  } finally {
    await session.stop();
  }
  const { scenarios: ended, errors } = collector.results();
  const { earlyEnd } = session;
  return {
    scenarios: ended.map(({ ruleId, name, uri, line, verdict, reason }) => ({
      rule: ruleId ?? '',
      name,
      place: `${uri}:${line}`,
      verdict,
      reason: reason ?? '',
      steps: [...trials.stepsOf(`${uri}:${line}`)],
    })),
    problems: earlyEnd ? [...errors, `${earlyEnd.sentence}\n${earlyEnd.details ?? ''}`] : [...errors],
  };
}

await answerJobs(async (line) => {
  const job = faultJob.parse(line);
  const started = performance.now();
  const outcome = await attempt(job).catch((error: unknown) => ({
    scenarios: [],
    problems: [error instanceof HarnessError ? error.message : inspect(error)],
  }));
  const seconds = (performance.now() - started) / 1000;
  return { id: job.id, seconds, ...outcome } satisfies FaultReport;
});
