import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** What an `AnsweringServer` was asked. */
export interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What it answers: no answer at all where it is undefined. */
export type Answer = { readonly status: number; readonly body?: unknown } | undefined;

/** An HTTP server on loopback for the tests of what asks one. */
export class AnsweringServer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly url: string;
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    this.url = `http://127.0.0.1:${address.port}`;
  }

  /** Answers every request with what `answer` returns for it. */
  static async start(answer: (asked: Asked) => Answer): Promise<AnsweringServer> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const asked = { method: request.method, url: request.url, headers: request.headers, body };
        started.asked.push(asked);
        const given = answer(asked);
        if (!given) return void request.socket.destroy();
        const isText = typeof given.body === 'string';
        response.writeHead(given.status, { 'content-type': isText ? 'text/plain' : 'application/json' });
        return void response.end(isText ? given.body : JSON.stringify(given.body));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const started = new AnsweringServer(server);
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
