import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';

import { HttpJournal, type HttpAnswer, type Unanswered } from './http.ts';

type Handling = (server: Server) => void;

/** What comes of a request to a server of node's that is handled so. */
async function outcomeOf(
  handling: Handling,
  request: { method: string; headers?: Record<string, string>; body?: string },
): Promise<HttpAnswer | Unanswered> {
  const server = createServer();
  handling(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    return await new HttpJournal(2_000).attempt({ url: `http://127.0.0.1:${address.port}/a`, ...request });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Answers 200 with how the body was framed, and the body. */
function echoing(server: Server): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => void (body += text));
    request.on('end', () => response.end(JSON.stringify({ length, coding, body })));
  });
}

/** The same, but sends no 100. */
function echoingAtLast(server: Server): void {
  echoing(server);
  server.on('checkContinue', (...asked) => server.emit('request', ...asked));
}

const tunnelled =
  (answer: string): Handling =>
  (server) =>
    void server.on('connect', (_request, socket: Socket) => socket.end(answer));

describe('a request whose header fields frame it', () => {
  test('says that it has no body as it is told to', async () => {
    for (const [headers, came] of [
      [{ 'content-length': '0' }, { length: '0', body: '' }],
      [{ 'transfer-encoding': 'chunked' }, { coding: 'chunked', body: '' }],
    ] as const) {
      const outcome = await outcomeOf(echoing, { method: 'DELETE', headers });
      assert.ok('status' in outcome, JSON.stringify(outcome));
      assert.deepEqual(outcome.json, came);
    }
  });

  test('sends its body after 100, and without it in the end', async () => {
    const request = {
      method: 'PATCH',
      headers: { expect: '100-continue', 'content-length': '2' },
      body: '{}',
    };
    for (const handling of [echoing, echoingAtLast]) {
      const outcome = await outcomeOf(handling, request);
      assert.ok('status' in outcome, JSON.stringify(outcome));
      assert.deepEqual(outcome.json, { length: '2', body: '{}' });
    }
  });

  test('reads a refusal that comes instead of 100', async () => {
    const headers = { expect: 'the-unexpected', 'content-length': '2' };
    const outcome = await outcomeOf(echoing, { method: 'PATCH', headers, body: '{}' });
    assert.ok('status' in outcome, JSON.stringify(outcome));
    assert.equal(outcome.status, 417);
  });
});

describe('CONNECT', () => {
  test('gets a refusal with its body, by length or up to the end', async () => {
    for (const head of ['Content-Length: 2\r\n', '']) {
      const handling = tunnelled(`HTTP/1.1 405 No\r\n${head}\r\n{}`);
      const outcome = await outcomeOf(handling, { method: 'CONNECT' });
      assert.ok('status' in outcome, JSON.stringify(outcome));
      assert.deepEqual([outcome.status, outcome.text], [405, '{}']);
    }
  });

  test('may be answered with a tunnel, which has no body', async () => {
    const outcome = await outcomeOf(tunnelled('HTTP/1.1 200 OK\r\n\r\nhello'), { method: 'CONNECT' });
    assert.ok('status' in outcome, JSON.stringify(outcome));
    assert.deepEqual([outcome.status, outcome.text], [200, '']);
  });

  test('that is not answered is told as such, and is no exception', async () => {
    const outcome = await outcomeOf(
      (server) => void server.on('connect', (_request, socket: Socket) => socket.destroy()),
      { method: 'CONNECT' },
    );
    assert.ok('instead' in outcome, JSON.stringify(outcome));
    assert.match(outcome.instead, /^got no answer: other side closed$/);
  });
});
