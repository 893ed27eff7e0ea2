import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { Endpoint } from '../capture/endpoint.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import type { Randomness } from '../randomness.ts';
import { distinct, isAnswerTo, isFinalOf, type Attempt } from './attempt.ts';
import { deliveredOf } from './delivered.ts';
import { Mailbox } from './mailbox.ts';
import type { RawCallerParts } from './raw_caller.ts';
import { linesOf, written, type NamedLines, type RawLines, type RawShape } from './raw_request.ts';
import { connected, listenTo } from './stream.ts';

const POLL_MS = 10;

/** What came of a connection that the service did not take. */
export interface Unconnected {
  readonly unconnected: string;
}

/**
 * A caller that asks over one TCP connection of its own, and keeps it open. It acknowledges nothing: over a reliable
 * transport no refusal is repeated.
 */
export class StreamCaller {
  readonly local: Endpoint;
  readonly #socket: Socket;
  readonly #mailbox: Mailbox;
  readonly #patienceMs: number;
  readonly #randomness: Randomness;
  readonly #parts: Pick<RawCallerParts, 'sip' | 'witnesses'>;
  #isOpen = true;

  private constructor(socket: Socket, parts: RawCallerParts) {
    const { answerMs, randomness } = parts;
    this.#parts = parts;
    this.#socket = socket;
    this.#mailbox = new Mailbox(answerMs);
    this.#patienceMs = answerMs;
    this.#randomness = randomness;
    this.local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    void listenTo(socket, (message) => this.#mailbox.put(message)).then(() => (this.#isOpen = false));
  }

  /** Opens a connection, or says why the service takes none. Throws a HarnessError where none can be tried. */
  static async open(from: string, parts: RawCallerParts): Promise<StreamCaller | Unconnected> {
    const { host, port } = parts.sip;
    assertSafeToSend(host);
    const socket = connect({ host, port, localAddress: from, noDelay: true });
    const unconnected = await connected(socket, parts.answerMs);
    return unconnected === undefined ? new StreamCaller(socket, parts) : { unconnected };
  }

  close(): void {
    this.#socket.destroy();
  }

  /** An unremarkable request of this caller, to be changed. */
  lines(shape: RawShape): RawLines {
    return linesOf({ ...shape, transport: 'TCP' }, this.local, this.#randomness);
  }

  /** Sends octets, a character each. */
  send(text: string): void {
    if (this.#isOpen) this.#socket.write(text, 'latin1');
  }

  /** The first message that is it, come already or within the patience for an answer; undefined where none comes. */
  async until(isIt: (message: WireMessage) => boolean): Promise<WireMessage | undefined> {
    return (await this.#mailbox.until(isIt))?.message;
  }

  /** Sends the request, and returns its final answer; undefined where none comes, or the connection ends first. */
  ask(lines: RawLines): Promise<WireMessage | undefined> {
    this.send(written(lines));
    return this.#final(lines);
  }

  /**
   * Sends the requests one after the other, and waits for the final answer to each; they come back in the same order.
   * Throws a HarnessError where the witnesses disagree.
   */
  async exchange(requests: readonly NamedLines[]): Promise<readonly Attempt[]> {
    await Promise.all(requests.map(([, lines]) => this.ask(lines)));
    return this.#attempted(requests);
  }

  /**
   * What has come of requests that were sent before, and then of an OPTIONS. Throws a HarnessError where the witnesses
   * disagree.
   */
  async cameOf(requests: readonly NamedLines[]): Promise<readonly Attempt[]> {
    await Promise.all(requests.map(([, lines]) => this.#final(lines)));
    const { host, port } = this.#parts.sip;
    const uri = `sip:${host}:${port}`;
    const afterwards = await this.ask(this.lines({ method: 'OPTIONS', uri, to: `<${uri}>` }));
    return this.#attempted(requests, afterwards);
  }

  async #final({ callIds }: RawLines): Promise<WireMessage | undefined> {
    const final = (): WireMessage | undefined =>
      this.#mailbox.heard.find(({ message }) => isFinalOf(message, callIds))?.message;
    const deadline = performance.now() + this.#patienceMs;
    while (final() === undefined && this.#isOpen && performance.now() < deadline) await delay(POLL_MS);
    return final();
  }

  async #attempted(requests: readonly NamedLines[], afterwards?: WireMessage): Promise<readonly Attempt[]> {
    const { witnesses, sip } = this.#parts;
    await witnesses.capture?.settle();
    const all = this.#mailbox.heard.map(({ message }) => message);
    const attempts: Attempt[] = [];
    for (const [name, lines] of requests) {
      const { callIds } = lines;
      const answers = distinct(all.filter((one) => isAnswerTo(one, callIds)));
      const delivered = await deliveredOf(callIds, witnesses, { address: sip.host, port: sip.port });
      attempts.push({
        name,
        sent: written(lines),
        callIds,
        answers,
        delivered,
        passedOn: undefined,
        afterwards,
      });
    }
    return attempts;
  }
}
