/** An IPv4 address and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A way in and out of this element (RFC 3261 section 18), bound to one address. */
export interface Transport {
  /** As Via spells it. */
  readonly protocol: 'UDP';
  /** Where it is bound: what Via and Record-Route name. */
  readonly address: string;
  readonly port: number;
  /** Sends one message. Never throws: what goes wrong is told to the transport's user. */
  send(packet: Buffer, destination: Endpoint): void;
}

/** Whoever a transport tells of what it receives and what goes wrong. Neither may throw. */
export interface TransportUser {
  /** A datagram came; `source` is the callee's to keep. */
  received(packet: Buffer, source: Endpoint, transport: Transport): void;
  /** A message could not be sent, or the network said it was not delivered; `code` as in `ECONNREFUSED`. */
  undelivered(code: string, transport: Transport): void;
}
