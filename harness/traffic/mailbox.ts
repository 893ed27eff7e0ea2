import type { WireMessage } from '../capture/sip_messages.ts';

/** A message, and when it was heard, on the clock of `performance.now()`. */
export interface Heard {
  readonly message: WireMessage;
  readonly at: number;
}

interface Waiting {
  readonly isIt: (message: WireMessage) => boolean;
  readonly found: (heard: Heard | undefined) => void;
}

/** The messages that a socket has heard, and whoever waits for one. */
export class Mailbox {
  readonly heard: Heard[] = [];
  readonly #patienceMs: number;
  readonly #waiting = new Set<Waiting>();

  /** @param patienceMs how long a message is waited for by default */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  put(message: WireMessage, at = performance.now()): void {
    const heard = { message, at };
    this.heard.push(heard);
    for (const { isIt, found } of this.#waiting) if (isIt(message)) found(heard);
  }

  /** The first message that is it, come already or in time; undefined where none comes. */
  until(isIt: (message: WireMessage) => boolean, patienceMs = this.#patienceMs): Promise<Heard | undefined> {
    const known = this.heard.find(({ message }) => isIt(message));
    return known ? Promise.resolve(known) : this.next(isIt, patienceMs);
  }

  /** The next message that is it; undefined where none comes in time. */
  next(isIt: (message: WireMessage) => boolean, patienceMs = this.#patienceMs): Promise<Heard | undefined> {
    const { promise, resolve } = Promise.withResolvers<Heard | undefined>();
    const waiting: Waiting = { isIt, found: (heard) => finish(heard) };
    const timer = setTimeout(() => finish(undefined), patienceMs);
    const finish = (heard: Heard | undefined): void => {
      clearTimeout(timer);
      this.#waiting.delete(waiting);
      resolve(heard);
    };
    this.#waiting.add(waiting);
    return promise;
  }
}
