import type { SocketAddress } from '../net/socket_address.ts';

/** Where a message goes. */
export interface Destination extends SocketAddress {
  /**
   * Over TCP: where to open a connection if there is none to `address` and `port` (RFC 3261 18.2.2). Default: there.
   */
  readonly otherwise?: SocketAddress;
  /** Over TCP: whether a connection may be opened. Default: yes. */
  readonly opens?: boolean;
}

/** A way in and out of this element (RFC 3261 section 18), bound to one address. */
export interface Transport {
  /** As Via spells it. */
  readonly protocol: 'UDP' | 'TCP';
  /** Whether it delivers each message or reports that it could not, so that nothing is retransmitted (RFC 3261 17). */
  readonly reliable: boolean;
  /** Where it is bound. Via and Record-Route name it. */
  readonly address: string;
  readonly port: number;
  /** The only peer it is ever connected to; undefined if it serves everybody. */
  readonly peer?: SocketAddress | undefined;
  /**
   * Sends one message. Never throws: the transport's user hears of failures, and `sender` too if this message could not
   * be sent at all.
   */
  send(packet: Buffer, destination: Destination, sender?: Sender): void;
  /** The peer at that source has proved who it is: its connection is not closed to make room for others. */
  trust(source: SocketAddress): void;
}

/** Hears that its message could not be sent, after `send` has returned; `code` as in `EMSGSIZE`. */
export interface Sender {
  unsent(code: string): void;
}

/** Hears what a transport receives, and what fails. Neither method may throw. */
export interface TransportUser {
  /** A message came. `packet` is valid during the call only; `source` may be kept. */
  received(packet: Buffer, source: SocketAddress, transport: Transport): void;
  /**
   * A message could not be sent, or the network reported that it was not delivered; `code` as in `ECONNREFUSED`. Over
   * TCP `destination` is the endpoint whose connection failed; over UDP it is unknown.
   */
  undelivered(code: string, transport: Transport, destination?: SocketAddress): void;
}
