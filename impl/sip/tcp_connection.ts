import type { Socket } from 'node:net';

import type { SocketAddress } from '../net/socket_address.ts';
import { Timer, type TimerOwner, type TimerWheel } from '../runtime/timer_wheel.ts';
import { MessageFramer, type FrameUser } from './message_framer.ts';

/** What a connection may take, in milliseconds and octets. */
export interface ConnectionLimits {
  /** Until an own connection is open. */
  readonly connectMs: number;
  /** From its opening until the first whole message; until then a connection may be closed to make room. */
  readonly firstMessageMs: number;
  /** From the first octet of a message to its last. */
  readonly messageMs: number;
  /** Since anything came or went. RFC 3261 18 recommends more than the longest transaction, 32 s. */
  readonly idleMs: number;
  /** What may wait for a peer that reads slowly. */
  readonly queuedOctets: number;
}

/** Why this side ended a connection. */
export type ConnectionEnd = 'misframed' | 'overflowed' | 'timedOut';

/** Whoever keeps the connections. */
export interface ConnectionKeeper {
  readonly wheel: TimerWheel;
  readonly limits: ConnectionLimits;
  received(packet: Buffer, connection: TcpConnection): void;
  /** A first whole message has come. */
  proven(connection: TcpConnection): void;
  /** It takes no more messages to send. */
  ended(connection: TcpConnection): void;
  /** This side ended it. */
  gaveUp(connection: TcpConnection, why: ConnectionEnd): void;
  failed(connection: TcpConnection, code: string): void;
  closed(connection: TcpConnection): void;
}

type ConnectionTimer = 'connect' | 'firstMessage' | 'message' | 'idle' | 'closing';

/** How long a peer has to take what is still queued for it. */
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
  #isProven = false;
  #isEnded = false;
  /** Whether a message was completed by the segment that is being read. */
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
  get isProven(): boolean {
    return this.#isProven;
  }

  /** Sends one message after those before it. */
  send(packet: Buffer): void {
    if (this.#isEnded) return;
    if (this.#socket.writableLength + packet.length > this.#keeper.limits.queuedOctets) {
      this.#giveUp('overflowed');
      this.#failed('ENOBUFS');
      this.#socket.destroy();
      return;
    }
    this.#socket.write(packet);
    if (this.#timer.event === 'idle') this.#start('idle');
  }

  /**
   * Closes it once what is queued has gone out. What still comes is read and ignored, for closing over unread octets
   * resets the connection, and a reset may take the last answer with it.
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
    if (!this.#isProven && !this.#framer.isOver) {
      this.#isProven = true;
      this.#keeper.proven(this);
    }
    this.#keeper.received(packet, this);
  }

  /** RFC 5626 3.5.1: a single CRLF for each. */
  pinged(count: number): void {
    this.send(count === 1 ? PONG : Buffer.alloc(count * PONG.length, PONG));
  }

  timerFired(event: ConnectionTimer): void {
    if (event !== 'closing') this.#giveUp('timedOut');
    if (event === 'connect') this.#failed('ETIMEDOUT');
    this.destroy();
  }

  #read(segment: Buffer): void {
    const wasMidMessage = this.#framer.isMidMessage;
    this.#completed = false;
    // What one segment's messages are answered with goes out together.
    this.#socket.cork();
    this.#framer.push(segment);
    this.#socket.uncork();
    if (this.#isEnded) return;
    if (this.#framer.isOver) {
      this.#giveUp('misframed');
      return this.close();
    }
    if (!this.#isProven) return;
    if (!this.#framer.isMidMessage) this.#start('idle');
    else if (!wasMidMessage || this.#completed) this.#start('message');
  }

  /** Once nothing more is to be sent: at the peer's end, at a failure, or by this side. */
  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#framer.end();
    this.#keeper.wheel.stop(this.#timer);
    this.#keeper.ended(this);
    // A peer that takes or ends nothing must not hold the socket.
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
