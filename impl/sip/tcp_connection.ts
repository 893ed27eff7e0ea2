import type { Socket } from 'node:net';

import type { SocketAddress } from '../net/socket_address.ts';
import { Timer, type TimerOwner, type TimerWheel } from '../runtime/timer_wheel.ts';
import { MessageFramer, type FrameUser } from './message_framer.ts';

/** The limits of a connection, in milliseconds and octets. */
export interface ConnectionLimits {
  /** Until a connection that this element opens is established. */
  readonly connectMs: number;
  /** From accepting a connection to the end of its first message; until then it may be closed to make room. */
  readonly firstMessageMs: number;
  /** From the first octet of a message to its last. */
  readonly messageMs: number;
  /** Since anything last came or went. RFC 3261 18 recommends more than the longest transaction, 32 s. */
  readonly idleMs: number;
  /** How long what waits for a peer may wait before any of it is read. */
  readonly stalledMs: number;
  /** Octets that may wait for a peer that reads slowly. */
  readonly queuedOctets: number;
  /** The same for a stranger: a peer that has not proved who it is. */
  readonly strangerQueuedOctets: number;
}

/** Why this side ended a connection. */
export type ConnectionEnd = 'misframed' | 'overflowed' | 'stalled' | 'timedOut';

/** Keeps the connections. */
export interface ConnectionKeeper {
  readonly wheel: TimerWheel;
  readonly limits: ConnectionLimits;
  /** A message came; `packet` is valid during the call only. */
  received(packet: Buffer, connection: TcpConnection): void;
  /** A whole message has come. */
  spoke(connection: TcpConnection): void;
  /** It holds so many octets of memory more, or fewer: unfinished messages, and what waits for its peer. */
  holds(connection: TcpConnection, octets: number): void;
  /** The connection can send no more. */
  ended(connection: TcpConnection): void;
  /** This side ended it. */
  gaveUp(connection: TcpConnection, why: ConnectionEnd): void;
  /** The connection failed; `code` as in `ECONNREFUSED`. */
  failed(connection: TcpConnection, code: string): void;
  /** The socket is closed. */
  closed(connection: TcpConnection): void;
}

type ConnectionTimer = 'connect' | 'firstMessage' | 'message' | 'idle' | 'closing' | 'stalled';

/** How long a peer may take to read what is still queued for it. */
const CLOSING_MS = 1000;
const PONG = Buffer.from('\r\n', 'latin1');

/** One TCP connection, whoever opened it. */
export class TcpConnection implements FrameUser, TimerOwner<ConnectionTimer> {
  /** The other end. */
  readonly peer: SocketAddress;
  /** Whether this element opened it. */
  readonly isOwn: boolean;
  readonly #socket: Socket;
  readonly #keeper: ConnectionKeeper;
  readonly #framer: MessageFramer;
  readonly #timer = new Timer<ConnectionTimer>(this);
  readonly #stall = new Timer<ConnectionTimer>(this);
  #hasSpoken = false;
  #isTrusted = false;
  #isEnded = false;
  #held = 0;
  /** Octets that waited when it was last seen whether the peer reads. */
  #waited = 0;
  /** Whether the segment being read has completed a message. */
  #completed = false;

  constructor(keeper: ConnectionKeeper, socket: Socket, peer: SocketAddress, isOwn: boolean) {
    this.#keeper = keeper;
    this.#socket = socket;
    this.peer = peer;
    this.isOwn = isOwn;
    this.#framer = new MessageFramer(this);
    this.#start(isOwn ? 'connect' : 'firstMessage');
    if (isOwn) socket.once('connect', () => this.#start('idle'));
    socket.on('data', (segment: Buffer) => this.#read(segment));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error.code ?? 'UNKNOWN'));
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#closed());
  }

  /** Whether a whole message has come. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** Whether its peer has proved who it is, or this element has chosen it. */
  get isTrusted(): boolean {
    return this.#isTrusted || this.isOwn;
  }

  /** Octets of memory that it holds. */
  get held(): number {
    return this.#held;
  }

  /** Its peer has proved who it is. */
  trust(): void {
    this.#isTrusted = true;
  }

  /** Queues one message. */
  send(packet: Buffer): void {
    if (this.#isEnded) return;
    const { queuedOctets, strangerQueuedOctets } = this.#keeper.limits;
    const most = this.isTrusted ? queuedOctets : strangerQueuedOctets;
    if (this.#socket.writableLength + packet.length > most) return this.overflow();
    this.#socket.write(packet, this.#written);
    this.#account();
    if (this.#socket.writableLength > 0 && this.#stall.event === undefined) this.#watchStall();
    if (this.#timer.event === 'idle' && this.isTrusted) this.#start('idle');
  }

  /** Closes it at once, because it holds too much. */
  overflow(): void {
    this.#giveUp('overflowed');
    this.#failed('ENOBUFS');
    this.#socket.destroy();
  }

  /**
   * Closes it when the queue is sent. What still comes is read and ignored: closing with unread octets resets the
   * connection, and a reset may lose the last answer.
   */
  close(): void {
    this.#end();
    this.#socket.end();
  }

  /** Closes it at once. */
  destroy(): void {
    this.#end();
    this.#socket.destroy();
  }

  framed(packet: Buffer): void {
    this.#completed = true;
    if (!this.#framer.isOver) {
      this.#hasSpoken = true;
      this.#keeper.spoke(this);
    }
    this.#keeper.received(packet, this);
  }

  /** Answers each ping with a single CRLF (RFC 5626 3.5.1). */
  pinged(count: number): void {
    this.send(count === 1 ? PONG : Buffer.alloc(count * PONG.length, PONG));
  }

  timerFired(event: ConnectionTimer): void {
    if (event === 'stalled') {
      const { writableLength } = this.#socket;
      if (writableLength === 0) return;
      if (writableLength < this.#waited) return this.#watchStall();
      this.#giveUp('stalled');
    } else if (event !== 'closing') this.#giveUp('timedOut');
    if (event === 'connect') this.#failed('ETIMEDOUT');
    this.destroy();
  }

  #read(segment: Buffer): void {
    const wasMidMessage = this.#framer.isMidMessage;
    this.#completed = false;
    // The answers to one segment's messages go out together.
    this.#socket.cork();
    this.#framer.push(segment);
    this.#socket.uncork();
    if (this.#isEnded) return;
    if (this.#framer.isOver) {
      this.#giveUp('misframed');
      return this.close();
    }
    this.#account();
    if (this.#isEnded || !this.#hasSpoken) return;
    // A stranger that sends line breaks only does not keep its place.
    if (!this.#framer.isMidMessage) {
      if (this.#completed || this.isTrusted) this.#start('idle');
    } else if (!wasMidMessage || this.#completed) this.#start('message');
  }

  readonly #written = (): void => this.#account();

  #account(): void {
    const held = this.#isEnded ? 0 : this.#socket.writableLength + this.#framer.heldOctets;
    const grown = held - this.#held;
    if (grown === 0) return;
    this.#held = held;
    this.#keeper.holds(this, grown);
  }

  #watchStall(): void {
    this.#waited = this.#socket.writableLength;
    this.#keeper.wheel.start(this.#stall, 'stalled', this.#keeper.limits.stalledMs);
  }

  /** Nothing more will be sent: the peer ended, the connection failed, or this side closes it. */
  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#framer.end();
    this.#keeper.wheel.stop(this.#timer);
    this.#keeper.wheel.stop(this.#stall);
    this.#account();
    this.#keeper.ended(this);
    // A peer that neither reads nor closes must not hold the socket.
    if (!this.#socket.destroyed) this.#start('closing');
  }

  #giveUp(why: ConnectionEnd): void {
    if (!this.#isEnded) this.#keeper.gaveUp(this, why);
  }

  #failed(code: string): void {
    if (this.#isEnded) return;
    this.#end();
    this.#keeper.failed(this, code);
  }

  #closed(): void {
    this.#end();
    this.#keeper.wheel.stop(this.#timer);
    this.#keeper.closed(this);
  }

  #start(event: ConnectionTimer): void {
    const { wheel, limits } = this.#keeper;
    wheel.start(this.#timer, event, event === 'closing' ? CLOSING_MS : limits[`${event}Ms`]);
  }
}
