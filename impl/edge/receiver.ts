import type { MalformedRequest } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import type { Random } from '../runtime/random.ts';
import { responseTo } from '../sip/serialiser.ts';
import { replyEndpoint } from '../sip/transaction_layer.ts';
import type { Endpoint, Transport, TransportUser } from '../sip/transport.ts';
import { viaWithSource } from '../sip/via.ts';
import { zeroCounters } from './edge_log.ts';
import type { EdgeLog } from './edge_log.ts';
import type { Proxy } from './proxy.ts';
import { FRAME_MARK } from './sibling_frame.ts';
import type { Siblings } from './siblings.ts';
import { randomTag } from '../sip/tag.ts';

/** What comes off the sockets: parsed, then to the transactions, answered at once, or dropped. */
export class Receiver implements TransportUser {
  readonly counters = zeroCounters();
  readonly #random: Random;
  readonly #log: EdgeLog;
  #proxy: Proxy | undefined;
  #core: Transport | undefined;
  #siblings: Siblings | undefined;

  constructor(random: Random, log: EdgeLog) {
    this.#random = random;
    this.#log = log;
  }

  /** From now on messages are for that proxy; what came before was dropped, and its sender repeats it. */
  serve(proxy: Proxy, core: Transport, siblings: Siblings | undefined): void {
    this.#proxy = proxy;
    this.#core = core;
    this.#siblings = siblings;
  }

  received(packet: Buffer, source: Endpoint, transport: Transport): void {
    this.counters.received++;
    try {
      this.#receive(packet, source, transport);
    } catch (error) {
      // No message may end the process: an exception here is a bug, and is told as one.
      this.faulted(error);
    }
  }

  undelivered(code: string, transport: Transport, destination?: Endpoint): void {
    this.counters.undelivered++;
    if (destination !== undefined) {
      this.#proxy?.transactions.undelivered(transport, destination);
      return;
    }
    // Only the next hop's socket hears of ICMP: whatever it waits for will not come.
    if (transport !== this.#core || code !== 'ECONNREFUSED') return;
    this.#log({ level: 'warn', event: 'sip.next-hop-refused', code });
    this.#proxy?.transactions.undelivered(transport);
  }

  /** Tells of a bug. */
  faulted(error: unknown): void {
    this.counters.faults++;
    this.#log({
      level: 'error',
      event: 'sip.fault',
      stack: error instanceof Error ? error.stack : undefined,
    });
  }

  #receive(packet: Buffer, source: Endpoint, transport: Transport): void {
    if (this.#proxy === undefined) return;
    if (packet[0] === FRAME_MARK && this.#siblings?.received(packet, source, transport) === true) return;
    const message = parseMessage(packet, transport.reliable);
    switch (message.kind) {
      case 'request':
        if (this.#siblings?.asked(message, packet, source, transport) === true) return;
        return this.#proxy.transactions.receiveRequest(message, source, transport);
      case 'response':
        if (this.#proxy.transactions.receiveResponse(message)) return;
        if (this.#siblings?.passedOn(message, packet) !== true) this.counters.dropped++;
        return;
      case 'malformed':
        return this.#refuse(message, source, transport);
      case 'drop':
        this.counters.dropped++;
    }
  }

  /** Statelessly: a malformed request makes no transaction (RFC 3261 8.2.7). */
  #refuse(malformed: MalformedRequest, source: Endpoint, transport: Transport): void {
    this.counters.malformed++;
    const { message, via, status, reasonPhrase } = malformed;
    const topVia = viaWithSource(via, source.address, source.port);
    const toTag = randomTag(this.#random);
    const answer = responseTo(message, topVia, { status, reasonPhrase, toTag });
    transport.send(answer, replyEndpoint(via, source, transport));
  }
}
