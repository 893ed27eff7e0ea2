import { Session } from '../../harness/run/session.ts';
import type { TargetDescriptor } from '../../harness/target/descriptor.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { FIRST_MUTANT, NO_MUTANT } from '../../mutants/switch_protocol.ts';
import { ResultCollector, type ScenarioResult } from '../../reports/index.ts';
import type { LabScenarios } from '../faults/lab_scenarios.ts';
import { referenceInLab } from '../faults/reference_in_lab.ts';
import { SwitchLine } from './switch_line.ts';

const ORDER = new URL('./listed_order.ts', import.meta.url).href;
/** A mutant that keeps the reference from getting ready costs this twice. */
const READY_MS = 20_000;
/** How often a reference that serves scenarios is asked whether it still does anything. */
const ASKED_MS = 1_000;
/** After so many runs a reference is started anew: what the witnesses keep grows with each. */
const MOST_RUNS = 60;

/** A run of scenarios against the reference. */
export interface ScenarioRun {
  /** In the order in which they ended. Behind one that failed, those that did not begin are skipped. */
  readonly results: readonly ScenarioResult[];
  /** What went wrong outside the scenarios. */
  readonly problems: readonly string[];
}

interface Running {
  readonly session: Session;
  readonly line: SwitchLine;
  /** The mutant that was active from its start on. */
  readonly startedWith: string | undefined;
  /** Whether it was killed because it ran in circles. */
  hung: boolean;
}

/** The instrumented reference in this lab. It is kept between runs, as to start it takes longer than most scenarios. */
export class MutatedReference {
  readonly #copy: string;
  readonly #folder: string;
  readonly #scenarios: LabScenarios;
  #running: Running | undefined;
  #runs = 0;

  /**
   * @param copy the folder of the instrumented copy
   * @param folder for logs
   */
  constructor(copy: string, folder: string, scenarios: LabScenarios) {
    this.#copy = copy;
    this.#folder = folder;
    this.#scenarios = scenarios;
  }

  /** How the reference ended by itself, or that it hangs; undefined while it serves. */
  async end(): Promise<string | undefined> {
    const running = this.#there();
    await killIfHung(running);
    return running.hung ? 'the reference hangs' : running.session.earlyEnd?.sentence;
  }

  get line(): SwitchLine {
    return this.#there().line;
  }

  /** Whether it has served this mutant from its start on, and no other. */
  isOnly(mutant: string): boolean {
    return this.#there().startedWith === mutant;
  }

  /** Starts it unless it runs, has served no mutant from its start on, and is not worn out. */
  async ensure(): Promise<void> {
    const isFresh = this.#running !== undefined && this.#running.startedWith === undefined;
    if (!isFresh || this.#runs >= MOST_RUNS || (await this.end()) !== undefined)
      await this.restart(undefined);
  }

  /** Starts it anew, with this mutant active from the first line on. Rejects with a HarnessError if it does not get ready. */
  async restart(mutant: string | undefined): Promise<void> {
    await this.stop();
    const session = await Session.start({
      descriptor: this.#descriptor(mutant ?? NO_MUTANT),
      placeName: 'lab',
      folder: this.#folder,
      seed: 1,
      onProgress: () => undefined,
    });
    this.#running = { session, line: await SwitchLine.open(), startedWith: mutant, hung: false };
    this.#runs = 0;
  }

  /**
   * Runs scenarios one after the other, in this order.
   *
   * @param stops whether the first that goes wrong is the last to begin
   * @param onBegin is called as each begins
   */
  async run(
    scenarios: { readonly features: readonly string[]; readonly tags: string },
    { stops, onBegin = () => undefined }: { readonly stops: boolean; readonly onBegin?: () => void },
  ): Promise<ScenarioRun> {
    const running = this.#there();
    this.#runs += 1;
    const collector = new ResultCollector(process.cwd());
    const results: ScenarioResult[] = [];
    // Other random values in each run: the reference remembers calls for half a minute.
    const facts = { ...running.session.facts, seed: this.#runs };
    const order = { specifier: ORDER, options: { listedOrder: { places: scenarios.features } } };
    const selection = { ...scenarios, parallel: 0, failFast: stops, order };
    const watch = setInterval(() => void killIfHung(running), ASKED_MS);
    const run = this.#scenarios.run(selection, facts, (envelope) => {
      if (envelope.testCaseStarted) onBegin();
      const ended = collector.receive(envelope);
      if (ended) results.push(ended);
    });
    await run.finally(() => clearInterval(watch));
    return { results, problems: collector.results().errors };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.line.close();
    await running?.session.stop();
  }

  #descriptor(firstMutant: string): TargetDescriptor {
    const program = ['--import', './mutants/switch.ts', `${this.#copy}/impl/main.ts`];
    const descriptor = referenceInLab(program, { [FIRST_MUTANT]: firstMutant });
    return { ...descriptor, timeouts: { ...descriptor.timeouts, ready: { ms: READY_MS } } };
  }

  #there(): Running {
    if (this.#running === undefined) throw new HarnessError('the instrumented reference was not started');
    return this.#running;
  }
}

/** Kills a reference that does not answer its switch: scenarios would wait in vain for whatever they expect. */
async function killIfHung(running: Running): Promise<void> {
  const isAnswering = await running.line.isAnswered();
  if (isAnswering || running.session.earlyEnd !== undefined) return;
  running.hung = true;
  running.session.kill();
}
