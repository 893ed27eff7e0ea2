import { styleText } from 'node:util';

import { ERASE, inColour, type Output } from './output.ts';
import type { ScenarioResult } from './results.ts';

/** Milliseconds between two drawings of the live line. */
const REDRAW_MS = 100;

/** Milliseconds of silence after which a run without a terminal reports its progress. */
const HEARTBEAT_MS = 5_000;

/**
 * Reports a run's progress: on a terminal in one line that is overwritten, elsewhere in a line for each finished
 * feature and one after every five silent seconds.
 */
export class RunTicker {
  readonly #out: Output;
  readonly #colours: boolean;
  readonly #left: Map<string, number>;
  readonly #ofFeature = new Map<string, ScenarioResult[]>();
  readonly #total: number;
  #done = 0;
  #failed = 0;
  #known = 0;
  #errors = 0;
  #current = '';
  #timer: NodeJS.Timeout;
  #drawn = '';

  /**
   * @param selected how many scenarios of each feature are to run
   * @param environment NO_COLOR is honoured
   */
  constructor(
    out: Output,
    selected: ReadonlyMap<string, number>,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.#out = out;
    this.#colours = inColour(out, environment);
    this.#left = new Map(selected);
    this.#total = [...selected.values()].reduce((sum, n) => sum + n, 0);
    this.#timer = this.#beat();
  }

  /** A scenario of this rule has begun. */
  began(ruleId: string | undefined): void {
    this.#current = ruleId ?? 'no rule';
  }

  /** A scenario has ended. */
  ended(scenario: ScenarioResult): void {
    this.#done += 1;
    if (scenario.knownFailure !== undefined) this.#known += 1;
    else if (scenario.verdict === 'failed') this.#failed += 1;
    if (scenario.verdict === 'error') this.#errors += 1;
    const { uri } = scenario;
    const ended = this.#ofFeature.get(uri) ?? [];
    ended.push(scenario);
    this.#ofFeature.set(uri, ended);
    const left = (this.#left.get(uri) ?? 1) - 1;
    this.#left.set(uri, left);
    if (left === 0 && this.#out.isTTY !== true) this.#line(`${uri}: ${talliesOf(ended)}`);
  }

  /** Takes the live line away and stops. */
  close(): void {
    clearInterval(this.#timer);
    if (this.#drawn !== '') this.#out.write(ERASE);
    this.#drawn = '';
  }

  #beat(): NodeJS.Timeout {
    const live = this.#out.isTTY === true;
    const timer = live
      ? setInterval(() => this.#draw(), REDRAW_MS)
      : setInterval(() => this.#line(`running ${this.#current}`), HEARTBEAT_MS);
    return timer.unref();
  }

  #line(what: string): void {
    this.#out.write(`${this.#standing()}  ${what}\n`);
    this.#timer.refresh();
  }

  #draw(): void {
    const plain = `${this.#standing()}  ${this.#current}`.slice(0, (this.#out.columns ?? 80) - 1);
    if (plain === this.#drawn) return;
    this.#drawn = plain;
    const shown =
      this.#colours && this.#failed + this.#errors > 0
        ? styleText('red', plain, { validateStream: false })
        : plain;
    this.#out.write(`${ERASE}${shown}`);
  }

  #standing(): string {
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : '';
    const errors = this.#errors > 0 ? `, ${this.#errors} error${this.#errors === 1 ? '' : 's'}` : '';
    const known = this.#known > 0 ? `, ${this.#known} known to fail` : '';
    return `${this.#done}/${this.#total}${failed}${errors}${known}`;
  }
}

function talliesOf(scenarios: readonly ScenarioResult[]): string {
  const byVerdict = Map.groupBy(scenarios, ({ verdict, knownFailure }) =>
    knownFailure === undefined ? verdict : 'known to fail',
  );
  return [...byVerdict].map(([verdict, of]) => `${of.length} ${verdict}`).join(', ');
}
