import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

import type { SocketAddress } from '../net/socket_address.ts';
import type { Sender, Transport, TransportUser } from './transport.ts';

/** Room for a burst of a second's calls; the kernel caps this at its own limit. */
const SOCKET_BUFFER_OCTETS = 4 << 20;

const NO_PORT: NodeJS.ErrnoException = Object.assign(new Error('no port'), { code: 'EPORT' });

/** Addresses are IPv4 literals here, so that no message waits for a resolver. */
type Lookup = (
  host: string,
  options: unknown,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
) => void;
const literalLookup: Lookup = (host, _options, callback) => callback(null, host, 4);

/** Where a UDP socket is bound. */
export interface UdpBinding extends SocketAddress {
  /**
   * The only peer of this socket: it receives from nobody else, and hears by ICMP when the peer's port is closed.
   * Without a peer, the socket serves everybody and hears no ICMP.
   */
  readonly peer?: SocketAddress;
  /** Whether several processes may share the port; the kernel then spreads datagrams over them by source. */
  readonly reusePort?: boolean;
}

/** One UDP socket (RFC 3261 section 18). Failures to send are reported to its user, never thrown. */
export class UdpTransport implements Transport {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly #socket: Socket;
  readonly #user: TransportUser;
  #open = true;
  readonly address: string;
  readonly port: number;
  readonly peer: SocketAddress | undefined;

  private constructor(socket: Socket, user: TransportUser, peer: SocketAddress | undefined) {
    this.#socket = socket;
    this.#user = user;
    this.peer = peer;
    ({ address: this.address, port: this.port } = socket.address());
    socket.on('message', (packet: Buffer, source: RemoteInfo) =>
      user.received(packet, { address: source.address, port: source.port }, this),
    );
    socket.on('error', (error: NodeJS.ErrnoException) => user.undelivered(error.code ?? 'UNKNOWN', this));
  }

  /** Binds a socket. Rejects with the system's error (EADDRINUSE, EADDRNOTAVAIL, EACCES …). */
  static async bind(binding: UdpBinding, user: TransportUser): Promise<UdpTransport> {
    const socket = createSocket({
      type: 'udp4',
      lookup: literalLookup,
      reusePort: binding.reusePort ?? false,
      recvBufferSize: SOCKET_BUFFER_OCTETS,
      sendBufferSize: SOCKET_BUFFER_OCTETS,
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('error', reject);
    socket.bind({ address: binding.address, port: binding.port }, () => {
      if (binding.peer === undefined) resolve();
      else socket.connect(binding.peer.port, binding.peer.address, resolve);
    });
    try {
      await promise;
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.off('error', reject);
    return new UdpTransport(socket, user, binding.peer);
  }

  /** Sends one datagram. A socket with a peer sends to its peer, whatever the destination. */
  send(packet: Buffer, destination: SocketAddress, sender?: Sender): void {
    if (!this.#open) return;
    const sent = sender === undefined ? this.#sent : this.#sentFor(sender);
    // A source port of 0 can be forged; the socket would throw on it.
    if (destination.port < 1 || destination.port > 65_535) process.nextTick(sent, NO_PORT);
    else if (this.peer === undefined) this.#socket.send(packet, destination.port, destination.address, sent);
    else this.#socket.send(packet, sent);
  }

  /** There are no connections. */
  trust(): void {}

  /** Closes the socket. */
  close(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    this.#open = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.close(resolve);
    return promise;
  }

  readonly #sent = (error: NodeJS.ErrnoException | null): void => {
    if (error !== null && this.#open) this.#user.undelivered(error.code ?? 'UNKNOWN', this);
  };

  #sentFor(sender: Sender): (error: NodeJS.ErrnoException | null) => void {
    return (error) => {
      if (error === null || !this.#open) return;
      this.#sent(error);
      sender.unsent(error.code ?? 'UNKNOWN');
    };
  }
}
