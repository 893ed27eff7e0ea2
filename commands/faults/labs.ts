import { createInterface } from 'node:readline';

import { startInLab, type Way } from '../../harness/lab/namespace.ts';

/** A job, plain data; `id` names it. */
export interface LabJob {
  readonly id: string;
}

/** The program that does jobs inside a lab: a job a line on its standard input, a report a line on its output. */
export interface LabWorker<Report> {
  /** Its file. */
  readonly program: string;
  /** How long a job may take before its lab is given up. */
  readonly patienceMs: number;
  /** Reads a report. */
  readonly read: (line: unknown) => Report;
  /** The report of a job that came to no end. */
  readonly lost: (id: string, problem: string, seconds: number) => Report;
}

/** How the jobs are done. */
export interface LabOptions<Report> {
  readonly worker: LabWorker<Report>;
  readonly way: Way;
  /** Labs at a time. */
  readonly labs: number;
  /** Where each lab keeps its logs. */
  readonly folder: string;
  /** Once aborted, no further job begins and running ones are killed. */
  readonly signal: AbortSignal;
  /** Returns a job that is to be done because of the report, if there is one. */
  readonly onReport: (report: Report) => LabJob | undefined;
}

/**
 * Runs the jobs in several labs at a time; each lab runs one job after another. If a lab ends in the middle of a job,
 * that job is reported with the problem and a new lab goes on. Resolves when all are done or the signal is aborted.
 */
export async function doInLabs<Report>(jobs: readonly LabJob[], options: LabOptions<Report>): Promise<void> {
  const waiting = [...jobs];
  const next = (): LabJob | undefined => (options.signal.aborted ? undefined : waiting.shift());
  const onReport = (report: Report): undefined => {
    const further = options.onReport(report);
    if (further) waiting.push(further);
  };
  const count = Math.min(options.labs, jobs.length);
  const each = { ...options, onReport };
  await Promise.all(Array.from({ length: count }, (_, index) => keepLab(next, index + 1, each)));
}

async function keepLab<Report>(
  next: () => LabJob | undefined,
  number: number,
  options: LabOptions<Report>,
): Promise<void> {
  let lab: Lab<Report> | undefined;
  for (let job = next(); job !== undefined; job = next()) {
    lab ??= new Lab(options, `${options.folder}/lab-${number}`);
    const report = await lab.run(job);
    if (options.signal.aborted) break;
    options.onReport(report);
    if (lab.hasEnded) lab = undefined;
  }
  await lab?.end();
}

/** One lab with its worker. */
class Lab<Report> {
  readonly #child: ReturnType<typeof startInLab>;
  readonly #ended: Promise<void>;
  readonly #worker: LabWorker<Report>;
  #answer: ((report: Report) => void) | undefined;
  /** True once it can take no further job. */
  hasEnded = false;

  constructor({ way, worker, signal }: LabOptions<Report>, folder: string) {
    const child = startInLab(way, worker.program, [folder]);
    this.#child = child;
    this.#worker = worker;
    // A write to a lab that has ended fails; its end is noticed by the events below.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) =>
      this.#answer?.(worker.read(JSON.parse(line))),
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

  async run(job: LabJob): Promise<Report> {
    const started = performance.now();
    const { promise: answer, resolve } = Promise.withResolvers<Report>();
    this.#answer = resolve;
    const { patienceMs } = this.#worker;
    const lost = (problem: string): Report =>
      this.#worker.lost(job.id, problem, (performance.now() - started) / 1000);
    const timer = setTimeout(() => {
      resolve(lost(`did not end within ${patienceMs / 1000} s`));
      this.#child.kill('SIGKILL');
      this.hasEnded = true;
    }, patienceMs);
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
