import { createInterface } from 'node:readline';

import { startInLab, type Way } from '../../harness/lab/namespace.ts';
import { faultReport, type FaultJob, type FaultReport } from './job.ts';

const WORKER = new URL('./worker.ts', import.meta.url).pathname;
/** How long a job may take before its lab is given up. */
const PATIENCE_MS = 180_000;

/** How the jobs are done. */
export interface LabOptions {
  readonly way: Way;
  /** Labs at a time. */
  readonly labs: number;
  /** Where each lab keeps its logs. */
  readonly folder: string;
  /** Once aborted, no further job begins and running ones are killed. */
  readonly signal: AbortSignal;
  readonly onReport: (report: FaultReport) => void;
}

/**
 * Runs the jobs in several labs at a time; each lab runs one job after another. If a lab ends in the middle of a job,
 * that job is reported with the problem and a new lab goes on. Resolves when all are done or the signal is aborted.
 */
export async function doInLabs(jobs: readonly FaultJob[], options: LabOptions): Promise<void> {
  const waiting = [...jobs];
  const next = (): FaultJob | undefined => (options.signal.aborted ? undefined : waiting.shift());
  const count = Math.min(options.labs, jobs.length);
  await Promise.all(Array.from({ length: count }, (_, index) => keepLab(next, index + 1, options)));
}

async function keepLab(next: () => FaultJob | undefined, number: number, options: LabOptions): Promise<void> {
  let lab: Lab | undefined;
  for (let job = next(); job !== undefined; job = next()) {
    lab ??= new Lab(options.way, `${options.folder}/lab-${number}`, options.signal);
    const report = await lab.run(job);
    if (options.signal.aborted) break;
    options.onReport(report);
    if (lab.hasEnded) lab = undefined;
  }
  await lab?.end();
}

/** One lab with its worker. */
class Lab {
  readonly #child: ReturnType<typeof startInLab>;
  readonly #ended: Promise<void>;
  #answer: ((report: FaultReport) => void) | undefined;
  /** True once it can take no further job. */
  hasEnded = false;

  constructor(way: Way, folder: string, signal: AbortSignal) {
    const child = startInLab(way, WORKER, [folder]);
    this.#child = child;
    // A write to a lab that has ended fails; its end is noticed by the events below.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) =>
      this.#answer?.(faultReport.parse(JSON.parse(line))),
    );
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#ended = ended;
    const over = (): void => {
      this.hasEnded = true;
      resolve();
    };
    child.on('error', over);
    child.on('close', over);
    const kill = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    void this.#ended.then(() => signal.removeEventListener('abort', kill));
  }

  async run(job: FaultJob): Promise<FaultReport> {
    const started = performance.now();
    const { promise: answer, resolve } = Promise.withResolvers<FaultReport>();
    this.#answer = resolve;
    const lost = (problem: string): FaultReport => ({
      id: job.id,
      seconds: (performance.now() - started) / 1000,
      scenarios: [],
      problems: [problem],
    });
    const timer = setTimeout(() => {
      resolve(lost(`did not end within ${PATIENCE_MS / 1000} s`));
      this.#child.kill('SIGKILL');
      this.hasEnded = true;
    }, PATIENCE_MS);
    this.#child.stdin.write(`${JSON.stringify(job)}\n`);
    const report = await Promise.race([answer, this.#ended.then(() => lost('its lab ended'))]);
    clearTimeout(timer);
    return report;
  }

  /** Closes its input, which ends it. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }
}
