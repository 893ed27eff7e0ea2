import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import type { Endpoint } from '../capture/endpoint.ts';
import { messageIn, type WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import type { Randomness } from '../randomness.ts';
import { HarnessError } from '../verdict.ts';
import { distinct, isAnswerTo, isFinalOf, type Attempt } from './attempt.ts';
import { deliveredOf, type DeliveryWitnesses } from './delivered.ts';
import { Mailbox } from './mailbox.ts';
import { linesOf, written, type NamedLines, type RawLines, type RawShape } from './raw_request.ts';

/** What a caller of raw requests works with. */
export interface RawCallerParts {
  readonly sip: { readonly host: string; readonly port: number };
  /** How long an answer may take. */
  readonly answerMs: number;
  readonly witnesses: DeliveryWitnesses;
  readonly randomness: Randomness;
  /** User part of its URI; absent: `caller`. */
  readonly user?: string;
}

/**
 * How much later than to an OPTIONS sent after it the first answer to a request may come, where none is owed. RFC 3261
 * section 17.2.1 gives a request that is worked on 200 ms; the rest is for the way and a busy machine.
 */
const LATE_MS = 500;
/** Requests of one caller that may wait for their answers together. */
const MOST_AT_ONCE = 8;

/** How requests are sent. */
export interface AttemptOptions {
  /** `one by one`: each waits for the final answer to the one before. */
  readonly order?: 'at once' | 'one by one';
  /** False: a service may drop them. */
  readonly isAnswerOwed?: boolean;
}

/** A request, and whether the service was alive after it. */
type Probed = Pick<Attempt, 'name' | 'sent' | 'callIds' | 'afterwards'>;

/**
 * A caller over UDP whose requests are written octet by octet, for those that SIPp cannot write. It acknowledges every
 * refusal of an INVITE, so that the service does not repeat it, and does nothing else by itself.
 */
export class RawCaller {
  readonly local: Endpoint;
  readonly #socket: Socket;
  readonly #parts: RawCallerParts;
  readonly #mailbox: Mailbox;
  readonly #answers = new Map<string, WireMessage[]>();
  #unsent: Error | undefined;

  private constructor(socket: Socket, parts: RawCallerParts) {
    const { address, port } = socket.address();
    this.local = { address, port };
    this.#socket = socket;
    this.#parts = parts;
    this.#mailbox = new Mailbox(parts.answerMs);
    socket.on('message', (payload, source) => this.#hear(payload, source));
    socket.on('error', (error) => (this.#unsent = error));
  }

  /** Throws a HarnessError where nothing may be sent to the service, or from this address. */
  static async open(from: string, parts: RawCallerParts): Promise<RawCaller> {
    assertSafeToSend(parts.sip.host);
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    try {
      socket.bind(0, from);
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw new HarnessError(`${from} cannot be bound to send from: ${String(error)}`, { cause: error });
    }
    return new RawCaller(socket, parts);
  }

  close(): void {
    this.#socket.close();
  }

  /** An unremarkable request of this caller, to be changed. */
  lines(shape: RawShape): RawLines {
    const { user = 'caller', randomness } = this.#parts;
    return linesOf({ user, ...shape }, this.local, randomness);
  }

  /** Sends octets, a character each. */
  send(text: string): void {
    const { host, port } = this.#parts.sip;
    this.#socket.send(Buffer.from(text, 'latin1'), port, host, (error) => {
      if (error) this.#unsent = error;
    });
  }

  /** Sends a response to a request that came. */
  reply(text: string): void {
    this.send(text);
  }

  /** The first message that is it, come already or within the patience for an answer; undefined where none comes. */
  async until(isIt: (message: WireMessage) => boolean): Promise<WireMessage | undefined> {
    return (await this.#mailbox.until(isIt))?.message;
  }

  /**
   * Sends the requests, written before or when their turn comes, each named for what it tries and followed by an OPTIONS, and waits until each that is owed a final
   * answer has it, in whatever order they come, or its time is over. Sends no more after an OPTIONS that gets no answer.
   * Throws a HarnessError where a request cannot be sent, or the capture saw other answers.
   */
  async attempt(
    requests: Readonly<Record<string, RawLines | (() => Promise<RawLines>)>>,
    { order = 'at once', isAnswerOwed = true }: AttemptOptions = {},
  ): Promise<readonly Attempt[]> {
    const all: Probed[] = [];
    for (const [name, made] of Object.entries(requests)) {
      const lines = typeof made === 'function' ? await made() : made;
      const { callIds } = lines;
      const sent = written(lines);
      this.send(sent);
      // Its answer leaves room in the service's socket too, which a few of the longest datagrams would fill.
      const afterwards = await this.alive();
      if (order === 'one by one') await this.until((message) => isFinalOf(message, callIds));
      if (this.#unsent !== undefined)
        throw new HarnessError(`"${name}" cannot be sent: ${this.#unsent.message}`, { cause: this.#unsent });
      all.push({ name, sent, callIds, afterwards });
      if (!afterwards) break;
    }
    await this.#untilFinished(all, isAnswerOwed);
    const before = all.map(({ callIds }) => this.#answersTo(callIds));
    await this.#parts.witnesses.capture?.settle();
    const attempts: Attempt[] = [];
    for (const [index, one] of all.entries()) attempts.push(await this.#attempted(one, before[index] ?? []));
    return attempts;
  }

  /**
   * Sends the requests, a few at a time, and waits for the final answer to each; they come back in the same order.
   * Throws a HarnessError where a request cannot be sent, or the witnesses disagree.
   */
  async exchange(requests: readonly NamedLines[]): Promise<readonly Attempt[]> {
    await eachOf(requests, MOST_AT_ONCE, async ([, lines]) => {
      const final = this.#mailbox.next((message) => isFinalOf(message, lines.callIds));
      this.send(written(lines));
      await final;
    });
    if (this.#unsent !== undefined)
      throw new HarnessError(`a request cannot be sent: ${this.#unsent.message}`, { cause: this.#unsent });
    const before = requests.map(([, { callIds }]) => this.#answersTo(callIds));
    await this.#parts.witnesses.capture?.settle();
    const attempts: Attempt[] = [];
    for (const [index, [name, lines]] of requests.entries()) {
      const one = { name, sent: written(lines), callIds: lines.callIds, afterwards: undefined };
      attempts.push(await this.#attempted(one, before[index] ?? []));
    }
    return attempts;
  }

  /**
   * What has come of a request that was sent before, once an OPTIONS sent now is answered. Throws a HarnessError where the
   * capture saw other answers.
   */
  async cameOf(name: string, lines: RawLines): Promise<Attempt> {
    const afterwards = await this.alive();
    const probed = { name, sent: written(lines), callIds: lines.callIds, afterwards };
    const before = this.#answersTo(lines.callIds);
    await this.#parts.witnesses.capture?.settle();
    return this.#attempted(probed, before);
  }

  /** The request with what came of it, once the capture has settled. `before`: what had been heard by then. */
  async #attempted(one: Probed, before: readonly WireMessage[]): Promise<Attempt> {
    return { ...one, answers: this.#confirmed(before, one.callIds), ...(await this.#passedOn(one.callIds)) };
  }

  /** What the service has passed on under these Call-IDs, once an OPTIONS sent now is answered. */
  async passedOn(callIds: readonly string[]): Promise<Pick<Attempt, 'delivered' | 'passedOn'>> {
    await this.alive();
    await this.#parts.witnesses.capture?.settle();
    return this.#passedOn(callIds);
  }

  async #passedOn(callIds: readonly string[]): Promise<Pick<Attempt, 'delivered' | 'passedOn'>> {
    const { witnesses, sip } = this.#parts;
    const delivered = await deliveredOf(callIds, witnesses, { address: sip.host, port: sip.port });
    const passedOn = witnesses.capture
      ?.messages({ callId: callIds })
      .filter(({ method, source }) => method !== undefined && source.address === sip.host);
    return { delivered, passedOn };
  }

  /**
   * The requests under this Call-ID that the service has sent to the caller, once an OPTIONS sent now is answered: so what
   * the service does at once is among them.
   */
  async requests(callId: string): Promise<readonly WireMessage[]> {
    await this.alive();
    const { capture } = this.#parts.witnesses;
    await capture?.settle();
    const seen = capture
      ? capture.messages({ callId, at: this.local })
      : this.#mailbox.heard.map(({ message }) => message).filter((message) => message.callId === callId);
    const { address, port } = this.local;
    return seen.filter(
      ({ method, destination: to }) => method !== undefined && to.address === address && to.port === port,
    );
  }

  /** The answer to an OPTIONS; undefined where none comes in time. */
  alive(): Promise<WireMessage | undefined> {
    const { host, port } = this.#parts.sip;
    const lines = this.lines({
      method: 'OPTIONS',
      uri: `sip:${host}:${port}`,
      to: `<sip:${host}:${port}>`,
    });
    this.send(written(lines));
    return this.until((message) => isFinalOf(message, lines.callIds));
  }

  /** Sends the request, and measures how long its final answer takes, in milliseconds; undefined where none comes. */
  async timed(lines: RawLines): Promise<{ readonly answer: WireMessage; readonly ms: number } | undefined> {
    const text = written(lines);
    const next = this.#mailbox.next((message) => isFinalOf(message, lines.callIds));
    const sentAt = performance.now();
    this.send(text);
    const heard = await next;
    return heard && { answer: heard.message, ms: heard.at - sentAt };
  }

  #answersTo(callIds: readonly string[]): WireMessage[] {
    return distinct(callIds.flatMap((callId) => this.#answers.get(callId) ?? []));
  }

  /**
   * Waits for the final answers that are still to come. A request that was passed on, or answered provisionally, is owed
   * one in any case, an ACK never.
   */
  async #untilFinished(all: readonly Probed[], isAnswerOwed: boolean): Promise<void> {
    const isOpen = ({ sent, callIds }: Probed): boolean =>
      !sent.startsWith('ACK ') && this.#answersTo(callIds).every(({ status = 0 }) => status < 200);
    if (!all.some(isOpen)) return;
    await this.#parts.witnesses.capture?.settle();
    await Promise.all(
      all.filter(isOpen).map(async ({ callIds }) => {
        const isBegun = isAnswerOwed || this.#isPassedOn(callIds) || (await this.#isAnsweredLate(callIds));
        if (isBegun) await this.until((message) => isFinalOf(message, callIds));
      }),
    );
  }

  async #isAnsweredLate(callIds: readonly string[]): Promise<boolean> {
    return (await this.#mailbox.until((message) => isAnswerTo(message, callIds), LATE_MS)) !== undefined;
  }

  #isPassedOn(callIds: readonly string[]): boolean {
    const { capture, voicePlatform } = this.#parts.witnesses;
    if (!voicePlatform) return false;
    if (capture) return capture.messages({ callId: callIds, at: voicePlatform.endpoint }).length > 0;
    return callIds.some((callId) => voicePlatform.messages(callId).length > 0);
  }

  #hear(payload: Buffer, { address, port }: Endpoint): void {
    const at = performance.now();
    const message = messageIn(payload, { address, port }, this.local);
    if (!message) return;
    this.#keepAnswer(message);
    this.#mailbox.put(message, at);
    if ((message.status ?? 0) >= 300 && message.cseq?.method === 'INVITE') this.send(this.#ackOf(message));
  }

  #keepAnswer(message: WireMessage): void {
    const { status, callId = '' } = message;
    if (status === undefined) return;
    const known = this.#answers.get(callId);
    if (known) known.push(message);
    else this.#answers.set(callId, [message]);
  }

  /** RFC 3261 section 17.1.1.3. */
  #ackOf(refusal: WireMessage): string {
    const { host, port } = this.#parts.sip;
    const lines = this.lines({ method: 'ACK', uri: `sip:${host}:${port}`, to: '' });
    const copied = (name: string): string => `${name}: ${refusal.header(name) ?? ''}`;
    return written({
      ...lines,
      via: copied('Via'),
      from: copied('From'),
      to: copied('To'),
      callId: copied('Call-ID'),
      cseq: `CSeq: ${refusal.cseq?.number ?? 1} ACK`,
    });
  }

  /**
   * What the socket and the wire agree on. What was heard `before` the capture had settled must be on the wire, and what
   * is on the wire must have been heard.
   */
  #confirmed(before: readonly WireMessage[], callIds: readonly string[]): readonly WireMessage[] {
    const heard = this.#answersTo(callIds);
    const { capture } = this.#parts.witnesses;
    if (!capture) return heard;
    const { address, port } = this.local;
    const wire = capture
      .messages({ callId: callIds, at: this.local })
      .filter(
        ({ status, destination: to }) => status !== undefined && to.address === address && to.port === port,
      );
    const [onWire, atSocket] = [wire, heard].map((messages) => new Set(messages.map(({ text }) => text)));
    const unseen = before.filter(({ text }) => onWire?.has(text) !== true);
    const unheard = wire.filter(({ text }) => atSocket?.has(text) !== true);
    const [odd] = [...unseen, ...unheard];
    if (odd === undefined) return heard.filter(({ text }) => onWire?.has(text));
    throw new HarnessError(
      `the two witnesses disagree on the caller's answers: "${odd.startLine}" was ${unseen.includes(odd) ? 'heard and not on the wire' : 'on the wire and not heard'}`,
    );
  }
}

/** Does it to all, at most so many at a time. */
async function eachOf<T>(all: readonly T[], most: number, act: (one: T) => Promise<void>): Promise<void> {
  const waiting = all.values();
  const worker = async (): Promise<void> => {
    for (const one of waiting) await act(one);
  };
  await Promise.all(Array.from({ length: most }, worker));
}
