import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { SipRequest, SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';

/** A user agent on one TCP connection for tests. */
export class TcpAgent {
  readonly #socket: Socket;
  #text = '';
  readonly port: number;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.localPort ?? 0;
    socket.setEncoding('latin1').on('data', (text: string) => (this.#text += text));
  }

  static async connect(port: number): Promise<TcpAgent> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new TcpAgent(socket);
  }

  send(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** The next message; fails if none comes. */
  async next(): Promise<SipRequest | SipResponse> {
    for (;;) {
      const headEnd = this.#text.indexOf('\r\n\r\n');
      const length = /\r\nContent-Length: (\d+)\r\n/.exec(this.#text)?.[1];
      const end = headEnd + 4 + Number(length);
      if (headEnd >= 0 && end <= this.#text.length) {
        const message = parseMessage(Buffer.from(this.#text.slice(0, end), 'latin1'), true);
        this.#text = this.#text.slice(end);
        if (message.kind === 'request' || message.kind === 'response') return message;
        throw new Error('what was received is not a SIP message');
      }
      await once(this.#socket, 'data', { signal: AbortSignal.timeout(3000) });
    }
  }

  async request(method: string): Promise<SipRequest> {
    const message = await this.next();
    if (message.kind === 'request' && message.method === method) return message;
    throw new Error(`expected ${method}, received:\n${message.text}`);
  }

  async response(status: number): Promise<SipResponse> {
    const message = await this.next();
    if (message.kind === 'response' && message.status === status) return message;
    throw new Error(`expected ${status}, received:\n${message.text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#socket.destroy();
    await once(this.#socket, 'close');
  }
}
