import { ownCopy } from '../runtime/own_copy.ts';
import { Timer, type TimerOwner, type TimerWheel } from '../runtime/timer_wheel.ts';
import { SIXTY_FOUR_T1 } from '../sip/transaction_table.ts';

/**
 * The keys of the dialogs that have ended, for 64·T1 at least: as long as a request or a 2xx of theirs may still be
 * repeated. They are kept in two generations, so that no dialog needs a timer.
 */
export class EndedDialogs implements TimerOwner<'generation'> {
  readonly #wheel: TimerWheel;
  readonly #generation = new Timer<'generation'>(this);
  #younger = new Set<string>();
  #older = new Set<string>();

  constructor(wheel: TimerWheel) {
    this.#wheel = wheel;
  }

  /** Remembers that the dialog with that key has ended. */
  add(key: string): void {
    this.#younger.add(ownCopy(key));
    if (this.#generation.event === undefined) this.#start();
  }

  /** Whether the dialog with that key has ended lately. */
  has(key: string): boolean {
    return this.#younger.has(key) || this.#older.has(key);
  }

  timerFired(): void {
    this.#older = this.#younger;
    this.#younger = new Set();
    if (this.#older.size > 0) this.#start();
  }

  #start(): void {
    this.#wheel.start(this.#generation, 'generation', SIXTY_FOUR_T1);
  }
}
