import type { Clock } from './clock.ts';

/** How often the wheel turns while a timer runs. T1, the shortest of SIP's timers, is ten times as long. */
export const TICK_MS = 50;
/** A power of two. One turn, 1024 ticks of 50 ms, is longer than every transaction timer but timer C. */
const SLOTS = 1024;

/** Hears that its timer fired. */
export interface TimerOwner<Event extends string> {
  /** Called once for each start that was not stopped. If it throws, other timers still fire. */
  timerFired(event: Event): void;
}

/** A link of a doubly linked ring. A link alone is the head of an empty ring. */
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

/** A timer, itself a link of the wheel, so that starting and stopping it allocates nothing. */
export class Timer<Event extends string = string> extends Link {
  readonly #owner: TimerOwner<Event>;
  /** The event its owner will hear; undefined while the timer is not running. */
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
 * One hashed timer wheel for all timers of the stack. Start and stop are O(1), and one repeated callback replaces a
 * timeout for each transaction. A timer fires up to two ticks late, never early.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #caught: (error: unknown) => void;
  readonly #slots: readonly Link[] = Array.from({ length: SLOTS }, () => new Link());
  #tick = 0;
  #running = 0;
  #stopTicking: (() => void) | undefined;

  /** `caught` gets what a timer's owner threw, which is a bug. It must not throw. */
  constructor(clock: Clock, caught: (error: unknown) => void = () => undefined) {
    this.#clock = clock;
    this.#caught = caught;
  }

  /** How many timers are running. */
  get running(): number {
    return this.#running;
  }

  /** Starts or restarts `timer`: its owner hears `event` in `delayMs`. */
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

  /** Stops every timer. */
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
    // After a long pause one pass over all slots is enough, however many turns were missed.
    const first = Math.max(this.#tick + 1, now - SLOTS + 1);
    this.#tick = now;
    for (let tick = first; tick <= now; tick++) this.#fireSlot(this.#slots[tick & (SLOTS - 1)]!, now);
    if (this.#running > 0) return;
    this.#stopTicking?.();
    this.#stopTicking = undefined;
  }

  #fireSlot(slot: Link, now: number): void {
    if (slot.next === slot) return;
    // Due timers move to a separate ring first, because their owners may start or stop any timer.
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
