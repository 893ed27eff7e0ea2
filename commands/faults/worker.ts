// Runs inside a lab: scenarios against the reference with one fault after another. Each line of standard input is a
// job, each line of standard output its report. The end of the input ends the process and with it the lab.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';

import {
  loadConfiguration,
  runCucumber,
  type IRunOptions,
  type ISupportCodeCoordinatesOrLibrary,
} from '@cucumber/cucumber/api';

import { Session } from '../../harness/run/session.ts';
import type { Place, TargetDescriptor } from '../../harness/target/descriptor.ts';
import { loadTarget } from '../../harness/target/load.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { ResultCollector } from '../../reports/index.ts';
import { FEATURES, STEPS } from '../features/files.ts';
import { faultJob, type FaultJob, type FaultReport } from './job.ts';
import { Trials } from './trials.ts';

/** Every fault gets the same random values in its traffic. */
const SEED = 1;
/** Long, as several references start at a time on a busy machine; no verdict depends on it. */
const READY_MS = 60_000;

const [, , folder = 'reports/out/faults'] = process.argv;
const reference = loadTarget('reference');
const { runConfiguration } = await loadConfiguration({
  file: false,
  provided: {
    paths: FEATURES,
    import: STEPS,
    // The quietest formatter; its output is discarded.
    format: ['rerun'],
  },
});
let support: ISupportCodeCoordinatesOrLibrary = runConfiguration.support;

/** The reference, with the fault if there is one. */
function targetWith(fault: string | undefined): TargetDescriptor {
  const lab = reference.places.lab;
  if (!lab?.start) throw new HarnessError('the descriptor of the reference has no lab in which to start it');
  const [node = '', , ...rest] = lab.start.command;
  const program = fault === undefined ? ['impl/main.ts'] : ['faults/main.ts', '--fault', fault];
  const environment = { ...lab.start.environment, VOICE_EDGE_DRAIN_SECONDS: '0' };
  const place: Place = { ...lab, start: { command: [node, ...program, ...rest], environment } };
  const timeouts = { ...reference.timeouts, ready: { ms: READY_MS } };
  return { ...reference, timeouts, places: { lab: place } };
}

function runOptions(job: FaultJob, session: Session): IRunOptions {
  const { sources, runtime, formats } = runConfiguration;
  return {
    sources: { ...sources, paths: job.features, tagExpression: job.tags },
    support,
    formats,
    runtime: {
      ...runtime,
      parallel: job.parallel,
      // Plain data by contract: it crosses into worker threads.
      worldParameters: JSON.parse(JSON.stringify(session.facts)),
    },
  };
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
    const unheard = new Writable({ write: (_chunk, _encoding, done) => done() });
    const environment = { stdout: unheard, stderr: process.stderr };
    const ran = await runCucumber(runOptions(job, session), environment, (envelope) => {
      collector.receive(envelope);
      trials.receive(envelope);
    });
    support = ran.support;
  } finally {
    await session.stop();
  }
  const { scenarios, errors } = collector.results();
  const { earlyEnd } = session;
  return {
    scenarios: scenarios.map(({ ruleId, name, uri, line, verdict, reason }) => ({
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

async function report(line: string): Promise<void> {
  const job = faultJob.parse(JSON.parse(line));
  const started = performance.now();
  const outcome = await attempt(job).catch((error: unknown) => ({
    scenarios: [],
    problems: [error instanceof HarnessError ? error.message : inspect(error)],
  }));
  const seconds = (performance.now() - started) / 1000;
  const told: FaultReport = { id: job.id, seconds, ...outcome };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

let last = Promise.resolve();
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  last = last.then(() => report(line));
});
lines.on('close', () => process.exit());
