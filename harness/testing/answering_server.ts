import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** What an `AnsweringServer` was asked. */
export interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A way to give no answer, or not a whole one. */
export type Misanswer = keyof typeof MISANSWERS;

/** What an `AnsweringServer` answers; undefined: it destroys the connection. */
export type Answer = { readonly status: number; readonly body?: unknown } | Misanswer | undefined;

const CHUNK = Buffer.alloc(64 * 1024, ' ');

const MISANSWERS = {
  silence: () => undefined,
  'half-closed': ({ socket }: ServerResponse) => socket?.end(),
  'half a head': ({ socket }: ServerResponse) => socket?.end('HTTP/1.1 200 OK\r\nContent-Ty'),
  'half a body': ({ socket }: ServerResponse) =>
    socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"data":'),
  'a body that stays away': (response: ServerResponse) => response.writeHead(200).flushHeaders(),
  'no HTTP': ({ socket }: ServerResponse) => socket?.end('220 mail.example ESMTP\r\n'),
  'no end': (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const goOn = (error?: Error | null): void => {
      if (!error && !response.destroyed) response.write(CHUNK, goOn);
    };
    goOn();
  },
} as const;

/** An HTTP server for tests of HTTP clients; by default on a free port of loopback. */
export class AnsweringServer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    this.url = `http://${address.address}:${address.port}`;
  }

  /** Answers every request with what `answer` returns for it. */
  static async start(
    answer: (asked: Asked) => Answer,
    at: { readonly host: string; readonly port: number } = { host: '127.0.0.1', port: 0 },
  ): Promise<AnsweringServer> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const asked = { method: request.method, url: request.url, headers: request.headers, body };
        started.asked.push(asked);
        const given = answer(asked);
        if (!given) return void request.socket.destroy();
        if (typeof given === 'string') return void MISANSWERS[given](response);
        const isText = typeof given.body === 'string';
        response.writeHead(given.status, { 'content-type': isText ? 'text/plain' : 'application/json' });
        return void response.end(isText ? given.body : JSON.stringify(given.body));
      });
    });
    server.listen(at.port, at.host);
    await once(server, 'listening');
    const started = new AnsweringServer(server);
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
