import { connect, type Socket } from 'node:net';

/** Where an answer's header section ends. */
const BLANK_LINE = '\r\n\r\n';
/** Longer than any latency worth measuring. */
const PATIENCE_MS = 4000;

/**
 * A kept-alive HTTP/1.1 connection with one request in flight: so thin that it measures the server, and not a client
 * library in the same process. It reads only answers with a Content-Length.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #answer: PromiseWithResolvers<number> | undefined;
  #received = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (octets: string) => this.#receive(octets));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
    socket.on('error', (error) => this.#answer?.reject(error));
    socket.on('close', () => this.#answer?.reject(new Error('the server closed the connection')));
  }

  /** Opens a connection. Rejects with node's error if nobody listens. */
  static async open(host: string, port: number): Promise<HttpConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect(port, host, resolve);
    socket.once('error', reject);
    await promise;
    socket.off('error', reject);
    return new HttpConnection(socket);
  }

  /**
   * Sends a whole request and resolves with the status once the whole answer has come. Rejects if the connection is
   * closed or ends first.
   */
  async ask(request: string): Promise<number> {
    if (this.#socket.destroyed) throw new Error('the connection is closed');
    this.#received = '';
    this.#answer = Promise.withResolvers();
    this.#socket.write(request, 'latin1');
    return this.#answer.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(octets: string): void {
    this.#received += octets;
    const headerEnd = this.#received.indexOf(BLANK_LINE);
    if (headerEnd === -1) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#received)?.[1];
    if (length === undefined) return this.#answer?.reject(new Error('an answer without Content-Length'));
    if (this.#received.length < headerEnd + BLANK_LINE.length + Number(length)) return;
    this.#answer?.resolve(Number(this.#received.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)));
  }
}
