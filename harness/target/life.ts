import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import { sendPlain } from '../clients/plain_request.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import type { Place } from './descriptor.ts';
import { probeRequest } from './readiness.ts';

/** How often a target is asked, in the time that an answer may take. */
const ASKED_PER_ANSWER = 4;
/** So often in a row without any sign of life is a hang: 1.75 times what an answer may take. */
const SILENT_TIMES = 7;

/** Where signs of life are looked for. */
export interface LifeOptions {
  readonly place: Pick<Place, 'api' | 'readyUrl' | 'sip'>;
  /** The address that SIP requests are sent from. */
  readonly from: string;
  /** How long an answer may take (timeouts.answer). */
  readonly answerMs: number;
}

/** Whether the target shows any sign of life within this time. */
export async function showsLife(options: LifeOptions, patienceMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const pulse = await Pulse.open(options, () => resolve(true));
  const timer = setTimeout(() => resolve(false), patienceMs);
  pulse.ask();
  const lives = await promise;
  clearTimeout(timer);
  pulse.close();
  return lives;
}

/** A watch over a target while the scenarios run. */
export class LifeWatch {
  readonly #pulse: Pulse;
  readonly #timer: NodeJS.Timeout;

  private constructor(pulse: Pulse, timer: NodeJS.Timeout) {
    this.#pulse = pulse;
    this.#timer = timer;
  }

  /**
   * Asks the target from now on.
   *
   * @param onHang called once, with how long it has been silent, in seconds
   * @param isExcused whether a scenario is under way that keeps the target from answering
   */
  static async start(
    options: LifeOptions,
    onHang: (seconds: number) => void,
    isExcused: () => boolean,
  ): Promise<LifeWatch> {
    const intervalMs = options.answerMs / ASKED_PER_ANSWER;
    let silent = 0;
    const pulse = await Pulse.open(options, () => (silent = 0));
    // Counted and not timed: where this process is late itself, answers are waiting to be read.
    const timer = setInterval(() => {
      if (isExcused()) {
        silent = 0;
        return;
      }
      if (silent === SILENT_TIMES) onHang((SILENT_TIMES * intervalMs) / 1000);
      silent += 1;
      pulse.ask();
    }, intervalMs);
    return new LifeWatch(pulse, timer);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#pulse.close();
  }
}

/**
 * Asks over SIP and HTTP. Whatever comes back is a sign of life: what a target answers is for rules to judge, that it
 * answers nothing at all is the end of a run.
 */
class Pulse {
  readonly #options: LifeOptions;
  readonly #onLife: () => void;
  readonly #socket: Socket;
  readonly #closing = new AbortController();

  private constructor(options: LifeOptions, onLife: () => void, socket: Socket) {
    this.#options = options;
    this.#onLife = onLife;
    this.#socket = socket;
    socket.on('message', onLife);
    // What cannot be sent gets no answer.
    socket.on('error', () => undefined);
  }

  static async open(options: LifeOptions, onLife: () => void): Promise<Pulse> {
    assertSafeToSend(options.place.sip.host);
    const socket = createSocket('udp4').bind(0, options.from);
    await once(socket, 'listening');
    return new Pulse(options, onLife, socket);
  }

  ask(): void {
    const { place, answerMs } = this.#options;
    const { sip } = place;
    for (const method of ['OPTIONS', 'MESSAGE'] as const)
      this.#socket.send(
        probeRequest(method, sip, this.#socket.address()),
        sip.port,
        sip.host,
        () => undefined,
      );
    const url = place.readyUrl ?? place.api.baseUrl;
    const signal = AbortSignal.any([AbortSignal.timeout(answerMs), this.#closing.signal]);
    sendPlain({ method: 'GET', url, headers: {}, body: undefined, signal }).then(
      this.#onLife,
      () => undefined,
    );
  }

  close(): void {
    this.#closing.abort();
    this.#socket.close();
  }
}
