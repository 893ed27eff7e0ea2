import type { RunFacts } from '../../harness/run/facts.ts';
import { ResultCollector, type ScenarioResult } from '../../reports/index.ts';
import type { FaultJob, FaultReport } from './job.ts';
import type { LabScenarios } from './lab_scenarios.ts';
import { SMOKE } from './plan.ts';
import { Trials } from './trials.ts';

const ORDER = new URL('./quick_first.ts', import.meta.url).href;

type Tried = FaultReport['scenarios'][number];

/** The scenarios of a job, run against the reference with its fault. */
export class FaultTrial {
  readonly #job: FaultJob;
  readonly #scenarios: LabScenarios;
  readonly #nextFacts: () => RunFacts;
  readonly #tried: Tried[] = [];
  readonly #problems: string[] = [];

  /** @param nextFacts called for each run of scenarios: no two may have the same random values */
  constructor(job: FaultJob, scenarios: LabScenarios, nextFacts: () => RunFacts) {
    this.#job = job;
    this.#scenarios = scenarios;
    this.#nextFacts = nextFacts;
  }

  /**
   * Runs the smoke set, and then the scenarios of the job's rules: some faults last once one of these has called them
   * forth.
   */
  async run(): Promise<Pick<FaultReport, 'scenarios' | 'problems'>> {
    const { smoke, tags, features, rules } = this.#job;
    if (smoke.length > 0) this.#keep(await this.#round(smoke, SMOKE, false));
    if (features.length > 0) {
      const isEnough = rules.length > 0 && !this.#isOdd();
      const first = isEnough ? await this.#upToFirstRed() : undefined;
      this.#keep(first ?? (await this.#round(features, tags, false)));
    }
    return { scenarios: this.#tried, problems: this.#problems };
  }

  /** Undefined where what stopped it shows nothing of the fault, as an error does. */
  async #upToFirstRed(): Promise<readonly Tried[] | undefined> {
    if (this.#tried.some((one) => this.#isKill(one))) return [];
    const { features, tags } = this.#job;
    const tried = await this.#round(features, tags, true);
    const isStopped = tried.some(({ verdict }) => verdict !== 'passed');
    return isStopped && !tried.some((one) => this.#isKill(one)) ? undefined : tried;
  }

  #isKill({ rule, verdict }: Tried): boolean {
    return verdict === 'failed' && this.#job.rules.includes(rule);
  }

  /** Whether a rule has turned red that nobody expects to: only all scenarios of the fault's rule may explain that. */
  #isOdd(): boolean {
    const { rules, collateral } = this.#job;
    return this.#tried.some(
      ({ rule, verdict }) =>
        (verdict === 'failed' || verdict === 'error') && !rules.includes(rule) && !collateral.includes(rule),
    );
  }

  #keep(tried: readonly Tried[]): void {
    const places = new Set(this.#tried.map(({ place }) => place));
    this.#tried.push(...tried.filter(({ place }) => !places.has(place)));
  }

  /** @param stops whether the first that does not pass is the last to begin */
  async #round(features: readonly string[], tags: string, stops: boolean): Promise<readonly Tried[]> {
    const collector = new ResultCollector(process.cwd());
    const trials = new Trials();
    const ended: ScenarioResult[] = [];
    const { parallel } = this.#job;
    const selection = { features, tags, parallel, failFast: stops, order: { specifier: ORDER, options: {} } };
    await this.#scenarios.run(selection, this.#nextFacts(), (envelope) => {
      trials.receive(envelope);
      const result = collector.receive(envelope);
      if (result) ended.push(result);
    });
    this.#problems.push(...collector.results().errors);
    const last = stops ? ended.findIndex(({ verdict }) => verdict !== 'passed') : -1;
    return (last === -1 ? ended : ended.slice(0, last + 1)).map(
      ({ ruleId, name, uri, line, verdict, reason }) => ({
        rule: ruleId ?? '',
        name,
        place: `${uri}:${line}`,
        verdict,
        reason: reason ?? '',
        steps: [...trials.stepsOf(`${uri}:${line}`)],
      }),
    );
  }
}
