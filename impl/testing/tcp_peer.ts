import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const PATIENCE_MS = 3000;

/** The other end of a TCP connection in tests: a real socket on loopback, and the text it received. */
export class TcpPeer {
  readonly socket: Socket;
  #text = '';
  #changed = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (octets: Buffer) => {
      this.#text += octets.toString('latin1');
      this.#wake();
    });
    // A reset is one of the ways a connection ends.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<TcpPeer> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new TcpPeer(socket);
  }

  get port(): number {
    return this.socket.localPort ?? 0;
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** The received text up to and including `end`; rejects if `end` does not come. */
  async read(end: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(end);
      if (at >= 0) {
        const read = this.#text.slice(0, at + end.length);
        this.#text = this.#text.slice(read.length);
        return read;
      }
      if (this.#isClosed) throw new Error(`closed after ${JSON.stringify(this.#text)}`);
      await this.#change(`${JSON.stringify(end)} after ${JSON.stringify(this.#text)}`);
    }
  }

  /** Waits for the close. Returns the received text. */
  async readToEnd(): Promise<string> {
    while (!this.#isClosed) await this.#change(`the end after ${JSON.stringify(this.#text)}`);
    return this.#text;
  }

  close(): void {
    this.socket.destroy();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  async #change(awaited: string): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timeout = setTimeout(() => reject(new Error(`did not receive ${awaited}`)), PATIENCE_MS);
    try {
      await Promise.race([this.#changed.promise, promise]);
    } finally {
      clearTimeout(timeout);
    }
  }
}

/** A TCP server on loopback for tests. It returns its connections in order. */
export class TcpPeerServer {
  readonly #server: Server;
  readonly #peers: TcpPeer[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => this.#peers.push(new TcpPeer(socket)));
  }

  static async listen(): Promise<TcpPeerServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpPeerServer(server);
  }

  get port(): number {
    const bound = this.#server.address();
    return bound === null || typeof bound === 'string' ? 0 : bound.port;
  }

  /** How many connections `accept` has not returned yet. */
  get waiting(): number {
    return this.#peers.length;
  }

  async accept(): Promise<TcpPeer> {
    while (this.#peers.length === 0) {
      await once(this.#server, 'connection', { signal: AbortSignal.timeout(PATIENCE_MS) });
    }
    return this.#peers.shift()!;
  }

  close(): void {
    this.#server.close();
    for (const peer of this.#peers) peer.close();
  }
}
