import type { Clock } from '../runtime/clock.ts';

/** How often the event loop's lag is measured while calls come. */
const INTERVAL_MS = 100;
/** How often in a row it must be late: a single stall (disk, machine) is over before refusing helps. */
const LATE_IN_A_ROW = 3;

/** How late the event loop may be several times in a row, in milliseconds, if an edge is told nothing else. */
const DEFAULT_MAX_LAG_MS = 400;

/**
 * Whether a new call is too much (RFC 3261 21.5.4), because the event loop does not catch up. The lag is measured only
 * while calls come, so that an idle edge sleeps; an old lag counts half each time.
 */
export class Overload {
  readonly #clock: Clock;
  readonly #mostLagMs: number;
  #lagMs = 0;
  #lateInARow = 0;
  #isBehind = false;
  #due = 0;
  #isAsked = false;
  #stopMeasuring: (() => void) | undefined;

  constructor(clock: Clock, mostLagMs = DEFAULT_MAX_LAG_MS) {
    this.#clock = clock;
    this.#mostLagMs = mostLagMs;
  }

  /** Whether to refuse a new call. */
  refusesCall(): boolean {
    this.#isAsked = true;
    if (this.#stopMeasuring === undefined) {
      this.#due = this.#clock.monotonic() + INTERVAL_MS;
      this.#stopMeasuring = this.#clock.repeat(INTERVAL_MS, () => this.#measure());
    }
    return this.#isBehind;
  }

  /** How late the event loop is, in milliseconds; 0 while no calls come. */
  get lagMs(): number {
    return this.#lagMs;
  }

  /** Stops measuring, and forgets the lag. */
  stop(): void {
    this.#stopMeasuring?.();
    this.#stopMeasuring = undefined;
    this.#lagMs = 0;
    this.#lateInARow = 0;
    this.#isBehind = false;
  }

  #measure(): void {
    const now = this.#clock.monotonic();
    const lateMs = now - this.#due;
    const most = this.#mostLagMs;
    this.#lagMs = Math.max(lateMs, this.#lagMs / 2);
    this.#lateInARow = lateMs > most ? this.#lateInARow + 1 : 0;
    this.#isBehind = this.#lateInARow >= LATE_IN_A_ROW || (this.#isBehind && this.#lagMs > most);
    this.#due = now + INTERVAL_MS;
    if (!this.#isAsked && this.#lagMs < INTERVAL_MS) this.stop();
    this.#isAsked = false;
  }
}
