import type { SocketAddress } from '../net/socket_address.ts';

/** Where a message goes. */
export interface Destination extends SocketAddress {
  /**
   * Over TCP: where a connection is opened if there is none to the endpoint itself (RFC 3261 18.2.2). The endpoint
   * itself where left out.
   */
  readonly otherwise?: SocketAddress;
}

/** A way in and out of this element (RFC 3261 section 18), bound to one address. */
export interface Transport {
  /** As Via spells it. */
  readonly protocol: 'UDP' | 'TCP';
  /** Whether it delivers what it takes or says that it could not: nothing is then repeated (RFC 3261 17). */
  readonly reliable: boolean;
  /** Where it is bound: what Via and Record-Route name. */
  readonly address: string;
  readonly port: number;
  /** The one peer it is connected to, for as long as it lives; undefined where it serves everybody. */
  readonly peer?: SocketAddress | undefined;
  /** Sends one message. Never throws: what goes wrong is told to the transport's user. */
  send(packet: Buffer, destination: Destination): void;
}

/** Whoever a transport tells of what it receives and what goes wrong. Neither may throw. */
export interface TransportUser {
  /** A message came. `packet` is valid during the call only; `source` is the callee's to keep. */
  received(packet: Buffer, source: SocketAddress, transport: Transport): void;
  /**
   * A message could not be sent, or the network said it was not delivered; `code` as in `ECONNREFUSED`. Over TCP
   * `destination` is the endpoint whose connection failed; over UDP nobody can tell.
   */
  undelivered(code: string, transport: Transport, destination?: SocketAddress): void;
}
