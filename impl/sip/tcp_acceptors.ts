import { createServer, type Server, type Socket } from 'node:net';

import type { SocketAddress } from '../net/socket_address.ts';

/**
 * A listening socket hands over one connection a turn of the event loop, and under load a turn is long: then a stranger
 * who connects again and again fills the queue before it. With several sockets on the port, a turn accepts several.
 * Only Linux spreads connections over them.
 */
const ACCEPTORS = process.platform === 'linux' ? 16 : 1;

/** Connections that may wait in the kernel to be accepted, in all. Whoever finds no place tries again in a second. */
const BACKLOG = 1024;

/** Where to listen. */
export interface AcceptorsBinding extends SocketAddress {
  /** Whether several processes may share the port; the kernel then spreads connections over them. */
  readonly reusePort?: boolean;
}

/** The sockets that accept the connections to one port. */
export class TcpAcceptors implements SocketAddress {
  readonly address: string;
  readonly port: number;
  readonly #servers: readonly Server[];

  private constructor(servers: readonly Server[], { address, port }: SocketAddress) {
    this.#servers = servers;
    this.address = address;
    this.port = port;
  }

  /** Rejects with the system's error (EADDRINUSE, EADDRNOTAVAIL, EACCES …). */
  static async open({ address, port, reusePort = false }: AcceptorsBinding): Promise<TcpAcceptors> {
    // Sockets that share a port would share it with those of another process too: see first that there are none.
    if (ACCEPTORS > 1 && !reusePort && port !== 0) await closed(await listening(address, port, false));
    const isShared = reusePort || ACCEPTORS > 1;
    const first = await listening(address, port, isShared);
    const bound = boundTo(first);
    const servers = [first];
    try {
      while (servers.length < ACCEPTORS) servers.push(await listening(address, bound.port, true));
    } catch (error) {
      await Promise.all(servers.map(closed));
      throw error;
    }
    return new TcpAcceptors(servers, bound);
  }

  /** From now on these hear of each connection, and of each error. */
  serve(accepted: (socket: Socket) => void, failed: () => void): void {
    for (const server of this.#servers) server.on('connection', accepted).on('error', failed);
  }

  /** Accepts no more. Resolves when every connection that was accepted is closed too. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closed));
  }
}

async function listening(host: string, port: number, reusePort: boolean): Promise<Server> {
  const server = createServer({ noDelay: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port, reusePort, backlog: BACKLOG / ACCEPTORS }, resolve);
  await promise;
  server.off('error', reject);
  return server;
}

function boundTo(server: Server): SocketAddress {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a TCP server without an address');
  return { address: bound.address, port: bound.port };
}

function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  return promise;
}
