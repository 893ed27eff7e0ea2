// Runs inside a lab: scenarios against the reference with one fault after another.
import { mkdirSync } from 'node:fs';
import { inspect } from 'node:util';

import { Session } from '../../harness/run/session.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { ResultCollector } from '../../reports/index.ts';
import { answerJobs } from './answer_jobs.ts';
import { faultJob, type FaultJob, type FaultReport } from './job.ts';
import { LabScenarios } from './lab_scenarios.ts';
import { References } from './references.ts';
import { Trials } from './trials.ts';

/** Every fault gets the same random values in its traffic. */
const SEED = 1;

const [, , folder = 'reports/out/faults'] = process.argv;
mkdirSync(folder, { recursive: true });
const references = new References(folder);
const scenarios = await LabScenarios.load();

/** Says that the reference has died, unless the job is over. */
function endEarly(session: Session, over: AbortSignal): undefined {
  const sentence = 'the reference ended in the middle of the job';
  if (!over.aborted) session.finish({ kind: 'target-ended', sentence });
}

async function attempt(job: FaultJob): Promise<Omit<FaultReport, 'id' | 'seconds'>> {
  const collector = new ResultCollector(process.cwd());
  const trials = new Trials();
  const { descriptor, ended: referenceEnded } = await references.for(job);
  const session = await Session.start({
    descriptor,
    placeName: 'lab',
    folder,
    seed: SEED,
    onProgress: () => undefined,
  });
  const over = new AbortController();
  void referenceEnded?.then(() => endEarly(session, over.signal));
  try {
    await scenarios.run(job, session.facts, (envelope) => {
      collector.receive(envelope);
      trials.receive(envelope);
    });
  } finally {
    over.abort();
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

await answerJobs(report, () => references.end());
