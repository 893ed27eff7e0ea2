import type { SocketAddress } from '../net/socket_address.ts';
import type { Clock } from '../runtime/clock.ts';
import { Timer, type TimerOwner, type TimerWheel } from '../runtime/timer_wheel.ts';
import type { Interceptor } from '../sip/endpoint.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import type { TransactionLayer } from '../sip/transaction_layer.ts';
import { SIXTY_FOUR_T1 } from '../sip/transaction_table.ts';
import type { Transport } from '../sip/transport.ts';
import type { Branches } from './branches.ts';
import { SILENCE_MS, type DialogTable } from './dialog.ts';
import type { DialogRouting } from './dialog_routing.ts';
import type { ProxyCounters } from './edge_counters.ts';
import type { OwnAddresses } from './own_address.ts';
import { routedRequest } from './own_route.ts';
import { FRAME_MARK, type SiblingFrame, type SiblingFrames } from './sibling_frame.ts';

/** How long a sibling may take to answer. An INVITE still gets its 100 within 200 ms (RFC 3261 17.2.1). */
const PATIENCE_MS = 50;
const SWEEP_MS = 10;
/** How many requests may wait at a time; any more are taken as new at once. */
const MAX_ASKS = 512;
/** Ended dialogs are told together, each within one turn of the timer wheel. */
const TELL_WITHIN_MS = 50;
const MAX_TOLD_OCTETS = 8192;

/** What a worker needs to work with its siblings. */
export interface SiblingsParts {
  readonly frames: SiblingFrames;
  readonly branches: Branches;
  /** Where this worker alone is reached. */
  readonly inner: Transport;
  /** Where callers reach all of them by UDP. */
  readonly outer: Transport;
  readonly transactions: TransactionLayer;
  readonly dialogs: DialogTable;
  readonly own: OwnAddresses;
  readonly routing: DialogRouting;
  readonly wheel: TimerWheel;
  readonly clock: Clock;
  readonly counters: ProxyCounters;
  /** Hears of exceptions while no packet is being received: bugs. */
  readonly caught: (error: unknown) => void;
}

/** A request that waits for the siblings' answers. */
interface Ask {
  readonly request: SipRequest;
  readonly source: SocketAddress;
  /** On the monotonic clock, in milliseconds. */
  readonly until: number;
  unanswered: number;
}

/**
 * Which packets may have reached a worker that does not have their transaction. While no worker went or came: nothing.
 * After a change: anything, then, while older dialogs may last: only what belongs to a dialog.
 */
type Astray = 'nothing' | 'dialogs' | 'anything';

/**
 * The other workers on the same address. The kernel deals packets to the workers by source. So a packet may reach the
 * wrong worker: when a caller answers from another port than it called from, or when a worker went or came. Responses
 * are passed on to the port that their branch names, requests after asking whose they are.
 */
export class Siblings implements Interceptor, TimerOwner<Astray | 'tellEnded'> {
  readonly #parts: SiblingsParts;
  readonly #settling = new Timer<Astray>(this);
  /** The keys of dialogs that have ended, until the siblings are told of all of them at once. */
  #ended: string[] = [];
  #endedOctets = 0;
  readonly #telling = new Timer<'tellEnded'>(this);
  /** The waiting requests by the number of the frame that asked; oldest first. */
  readonly #asks = new Map<number, Ask>();
  #astray: Astray = 'nothing';
  #stopSweeping: (() => void) | undefined;

  constructor(parts: SiblingsParts) {
    this.#parts = parts;
  }

  /** Sets the workers by their inner ports, this one included; `dealtAnew` says that workers came or went. */
  siblingsAre(ports: readonly number[], dealtAnew: boolean): void {
    this.#parts.frames.siblingsAre(ports);
    if (dealtAnew) this.#become('anything', 'dialogs', SIXTY_FOUR_T1);
  }

  timerFired(event: Astray | 'tellEnded'): void {
    if (event === 'tellEnded') return this.#tellEnded();
    const astray = event;
    if (astray === 'dialogs') this.#become(astray, 'nothing', SILENCE_MS);
    else this.#astray = astray;
  }

  /** Passes a response on to the worker it belongs to; false if it belongs to none of them. */
  takesStrayResponse(response: SipResponse, packet: Buffer): boolean {
    const { branches, inner, frames } = this.#parts;
    const port = branches.innerPortIn(response.via.branch);
    if (port === undefined || !frames.siblings.includes(port)) return false;
    inner.send(Buffer.from(packet), { address: inner.address, port });
    return true;
  }

  /**
   * Asks the siblings about a request that may be another worker's; false if this worker is to take it at once. One of
   * them takes it, or this worker does when all have denied or time is up. An ACK is passed on, but never taken as new.
   */
  takesRequest(request: SipRequest, packet: Buffer, source: SocketAddress, transport: Transport): boolean {
    if (this.#astray === 'nothing' || transport !== this.#parts.outer) return false;
    const { own, frames, routing, clock, counters } = this.#parts;
    const unanswered = frames.siblings.length;
    if (unanswered === 0 || this.#asks.size >= MAX_ASKS || this.#keeps(request, source)) return false;
    const isAck = request.method === 'ACK';
    const onlyDialogs = this.#astray === 'dialogs';
    if (onlyDialogs && request.to.tag === undefined) return false;
    const isOfDialog = onlyDialogs || isAck;
    if (isOfDialog && routing.matchOf(routedRequest(request, own), source, transport) !== undefined)
      return false;
    counters.asked++;
    const { sequence, octets } = frames.ask(packet, source);
    this.#tellAll(octets);
    if (isAck) return true;
    this.#asks.set(sequence, { request, source, until: clock.monotonic() + PATIENCE_MS, unanswered });
    this.#stopSweeping ??= clock.repeat(SWEEP_MS, () => this.#sweep());
    return true;
  }

  /** Tells the siblings that a dialog has ended: one may remember it, and all must refuse what still comes in it. */
  dialogEnded(key: string): void {
    const { frames, wheel } = this.#parts;
    if (frames.siblings.length === 0) return;
    if (this.#endedOctets + key.length > MAX_TOLD_OCTETS) this.#tellEnded();
    this.#ended.push(key);
    this.#endedOctets += key.length;
    if (this.#telling.event === undefined) wheel.start(this.#telling, 'tellEnded', TELL_WITHIN_MS);
  }

  /** Acts on a sibling's frame; false if the packet is not one. */
  takesPacket(packet: Buffer, source: SocketAddress, transport: Transport): boolean {
    if (packet[0] !== FRAME_MARK) return false;
    const { inner, frames } = this.#parts;
    if (transport !== inner || source.address !== inner.address) return false;
    const frame = frames.read(packet, source.port);
    if (frame === undefined) return false;
    this.#heard(frame, source.port);
    return true;
  }

  /** Drops the waiting requests: their senders repeat them, and another worker gets them. */
  stop(): void {
    this.#asks.clear();
    this.#sweep();
  }

  #become(astray: Astray, next: Astray, afterMs: number): void {
    this.#astray = astray;
    this.#parts.wheel.start(this.#settling, next, afterMs);
  }

  #heard(frame: SiblingFrame, port: number): void {
    switch (frame.kind) {
      case 'ask':
        return this.#answer(frame, port);
      case 'answer':
        return this.#answered(frame.asked, frame.isTaken);
      case 'ended':
        for (const key of frame.dialogKeys) this.#parts.dialogs.end(key);
    }
  }

  #answer({ packet, source, sequence }: SiblingFrame & { kind: 'ask' }, port: number): void {
    const { frames, inner, outer, transactions, counters } = this.#parts;
    const request = parseMessage(packet);
    if (request.kind !== 'request') return;
    const isTaken = this.#keeps(request, source);
    if (request.method !== 'ACK') {
      inner.send(frames.answer(port, sequence, isTaken).octets, { address: inner.address, port });
    }
    if (!isTaken) return;
    counters.takenOver++;
    transactions.receiveRequest(request, source, outer);
  }

  #answered(asked: number, isTaken: boolean): void {
    const ask = this.#asks.get(asked);
    if (ask === undefined) return;
    if (isTaken) {
      this.#parts.counters.passedOn++;
      this.#asks.delete(asked);
    } else if (--ask.unanswered === 0) this.#takeAsNew(asked, ask);
  }

  #takeAsNew(asked: number, { request, source }: Ask): void {
    this.#asks.delete(asked);
    const { transactions, outer } = this.#parts;
    transactions.receiveRequest(request, source, outer);
  }

  /** Whether the request belongs to a transaction or a dialog that is remembered here. */
  #keeps(request: SipRequest, source: SocketAddress): boolean {
    const { transactions, dialogs } = this.#parts;
    if (transactions.knows(request, source)) return true;
    return request.to.tag !== undefined && dialogs.find(request, source) !== undefined;
  }

  /** Takes the requests as new that have waited long enough. */
  #sweep(): void {
    const now = this.#parts.clock.monotonic();
    for (const [asked, ask] of this.#asks) {
      if (ask.until > now) return;
      try {
        this.#takeAsNew(asked, ask);
      } catch (error) {
        this.#parts.caught(error);
      }
    }
    this.#stopSweeping?.();
    this.#stopSweeping = undefined;
  }

  #tellEnded(): void {
    const { frames, wheel } = this.#parts;
    wheel.stop(this.#telling);
    if (this.#ended.length === 0) return;
    this.#tellAll(frames.ended(this.#ended).octets);
    this.#ended = [];
    this.#endedOctets = 0;
  }

  #tellAll(octets: Buffer): void {
    const { inner, frames } = this.#parts;
    for (const port of frames.siblings) inner.send(octets, { address: inner.address, port });
  }
}
