import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { sendLarge } from './large_body.ts';

const BODY = new Uint8Array(8 * 1024 * 1024).fill(0x20);

async function listening(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { url: `http://127.0.0.1:${address.port}/a`, server };
}

async function answerOf(listener: RequestListener): Promise<Awaited<ReturnType<typeof sendLarge>>> {
  const { url, server } = await listening(listener);
  try {
    const signal = AbortSignal.timeout(10_000);
    return await sendLarge({ method: 'PATCH', url, headers: { 'content-type': 'a/b' }, body: BODY, signal });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A service in a thread of its own that refuses once `flags[0]` is set, and sets `flags[1]` when it has closed. */
const REFUSING = `
  const { once } = require('node:events');
  const { createServer } = require('node:http');
  const { parentPort, workerData: flags } = require('node:worker_threads');
  const server = createServer((request, response) => {
    parentPort.postMessage('asked');
    Atomics.wait(flags, 0, 0);
    response.writeHead(413, { connection: 'close' });
    response.end('too large', () => request.socket.destroy());
    request.socket.once('close', () => {
      Atomics.store(flags, 1, 1);
      Atomics.notify(flags, 1);
    });
  }).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;
/** Longer than anybody waits before sending the rest. */
const LONG_MS = 1_000;

describe('sendLarge', () => {
  test('reads the answer of a service that refuses the length and closes at once, every time', async () => {
    for (let time = 0; time < 20; time++) {
      const answer = await answerOf((request, response) => {
        assert.equal(request.headers['content-length'], String(BODY.length));
        response.writeHead(413, { connection: 'close', 'x-a': '1' });
        response.end('too large', () => request.socket.destroy());
      });
      assert.deepEqual([answer.status, answer.text, answer.headers.get('x-a')], [413, 'too large', '1']);
    }
  });

  test('reads the answer that came while the process was stalled', async (t) => {
    const flags = new Int32Array(new SharedArrayBuffer(8));
    const worker = new Worker(REFUSING, { eval: true, workerData: flags });
    t.after(() => worker.terminate());
    const [port]: unknown[] = await once(worker, 'message');
    worker.once('message', () => {
      const since = performance.now();
      Atomics.store(flags, 0, 1);
      Atomics.notify(flags, 0);
      Atomics.wait(flags, 1, 0);
      while (performance.now() - since < LONG_MS);
    });
    const url = `http://127.0.0.1:${String(port)}/`;
    const signal = AbortSignal.timeout(10_000);
    const { status, text } = await sendLarge({ method: 'PATCH', url, headers: {}, body: BODY, signal });
    assert.deepEqual([status, text], [413, 'too large']);
  });

  test('asks once more where a reset may have cost the answer', async () => {
    let asked = 0;
    const answer = await answerOf((request, response) => {
      asked += 1;
      if (asked === 1) request.socket.resetAndDestroy();
      else response.writeHead(413, { connection: 'close' }).end('too large');
    });
    assert.deepEqual([asked, answer.status, answer.text], [2, 413, 'too large']);
  });

  test('takes an answer for one whose body ends with a reset', async () => {
    const answer = await answerOf((request, response) => {
      const { socket } = request;
      socket.write('HTTP/1.1 413 Content Too Large\r\nconnection: close\r\n\r\ntoo large', () =>
        setImmediate(() => socket.resetAndDestroy()),
      );
      response.detachSocket(socket);
    });
    assert.deepEqual([answer.status, answer.text], [413, 'too large']);
  });

  test('sends the whole to a service that wants it', async () => {
    const answer = await answerOf((request, response) => {
      void buffer(request).then(({ length }) => response.end(`${request.method} ${length}`));
    });
    assert.deepEqual([answer.status, answer.text], [200, `PATCH ${BODY.length}`]);
  });

  test('rejects where the service closes without a word', async () => {
    await assert.rejects(answerOf((request) => request.socket.destroy()));
  });
});
