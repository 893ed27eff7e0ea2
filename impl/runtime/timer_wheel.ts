import type { Clock } from './clock.ts';

/** The machine is woken this often while any timer runs; T1, the shortest of SIP's timers, is ten times as long. */
export const TICK_MS = 50;
/** A power of two; 1024 ticks of 50 ms hold every transaction timer but timer C within one turn. */
const SLOTS = 1024;

/** Whoever is told that a timer ran out. */
export interface TimerOwner<Event extends string> {
  /** Called once for each time the timer was started and not stopped. What it throws ends nothing but itself. */
  timerFired(event: Event): void;
}

/** A place in a doubly linked ring; by itself it is a ring's head. */
class Link {
  previous: Link = this;
  next: Link = this;
  /** Tick at which it is due. */
  deadline = 0;

  /** What happens when it is due. */
  fire(): void {}

  /** What happens when it is stopped. */
  clear(): void {}

  unlink(): void {
    this.next.previous = this.previous;
    this.previous.next = this.next;
    this.previous = this;
    this.next = this;
  }

  append(link: Link): void {
    link.previous = this.previous;
    link.next = this;
    this.previous.next = link;
    this.previous = link;
  }
}

/** A timer that is its own place in the wheel: starting and stopping it allocates nothing. */
export class Timer<Event extends string = string> extends Link {
  readonly #owner: TimerOwner<Event>;
  /** What its owner will hear; undefined while it is not running. */
  event: Event | undefined = undefined;

  constructor(owner: TimerOwner<Event>) {
    super();
    this.#owner = owner;
  }

  override fire(): void {
    const event = this.event;
    this.event = undefined;
    if (event !== undefined) this.#owner.timerFired(event);
  }

  override clear(): void {
    this.event = undefined;
  }
}

/**
 * One hashed timer wheel for all timers of the stack: start and stop are O(1), and the machine is asked for one
 * repetition instead of a timeout a transaction. A timer fires up to two ticks late, never early.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #caught: (error: unknown) => void;
  readonly #slots: readonly Link[] = Array.from({ length: SLOTS }, () => new Link());
  #tick = 0;
  #running = 0;
  #stopTicking: (() => void) | undefined;

  /** `caught` is told what a timer's owner threw, which is a bug; it must not throw itself. */
  constructor(clock: Clock, caught: (error: unknown) => void = () => undefined) {
    this.#clock = clock;
    this.#caught = caught;
  }

  /** How many timers are running. */
  get running(): number {
    return this.#running;
  }

  /** Starts `timer`, or starts it anew: its owner hears `event` in `delayMs`. */
  start<Event extends string>(timer: Timer<Event>, event: Event, delayMs: number): void {
    if (timer.event === undefined) this.#running++;
    else timer.unlink();
    if (this.#stopTicking === undefined) this.#startTicking();
    timer.event = event;
    timer.deadline = Math.max(Math.ceil((this.#clock.monotonic() + delayMs) / TICK_MS), this.#tick + 1);
    this.#slots[timer.deadline & (SLOTS - 1)]!.append(timer);
  }

  stop<Event extends string>(timer: Timer<Event>): void {
    if (timer.event === undefined) return;
    timer.unlink();
    timer.clear();
    this.#running--;
  }

  /** Stops every timer; nothing fires any more until one is started. */
  stopAll(): void {
    for (const slot of this.#slots) {
      for (let link = slot.next; link !== slot; link = slot.next) {
        link.unlink();
        link.clear();
      }
    }
    this.#running = 0;
    this.#stopTicking?.();
    this.#stopTicking = undefined;
  }

  #startTicking(): void {
    this.#tick = Math.floor(this.#clock.monotonic() / TICK_MS);
    this.#stopTicking = this.#clock.repeat(TICK_MS, () => this.#advance());
  }

  #advance(): void {
    const now = Math.floor(this.#clock.monotonic() / TICK_MS);
    // After a long pause every slot is due once, however many turns were missed.
    const first = Math.max(this.#tick + 1, now - SLOTS + 1);
    this.#tick = now;
    for (let tick = first; tick <= now; tick++) this.#fireSlot(this.#slots[tick & (SLOTS - 1)]!, now);
    if (this.#running > 0) return;
    this.#stopTicking?.();
    this.#stopTicking = undefined;
  }

  #fireSlot(slot: Link, now: number): void {
    if (slot.next === slot) return;
    // Due timers move to a ring of their own first: what fires may start or stop any other timer.
    const due = new Link();
    for (let link = slot.next, next = link.next; link !== slot; link = next, next = link.next) {
      if (link.deadline > now) continue;
      link.unlink();
      due.append(link);
    }
    for (let link = due.next; link !== due; link = due.next) {
      link.unlink();
      this.#running--;
      try {
        link.fire();
      } catch (error) {
        this.#caught(error);
      }
    }
  }
}
