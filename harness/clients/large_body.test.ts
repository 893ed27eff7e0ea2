import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
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

void describe('sendLarge', () => {
  void it('reads the answer of a service that refuses the length and closes at once, every time', async () => {
    for (let time = 0; time < 20; time++) {
      const answer = await answerOf((request, response) => {
        assert.equal(request.headers['content-length'], String(BODY.length));
        response.writeHead(413, { connection: 'close', 'x-a': '1' });
        response.end('too large', () => request.socket.destroy());
      });
      assert.deepEqual([answer.status, answer.text, answer.headers.get('x-a')], [413, 'too large', '1']);
    }
  });

  void it('sends the whole to a service that wants it', async () => {
    const answer = await answerOf((request, response) => {
      void buffer(request).then(({ length }) => response.end(`${request.method} ${length}`));
    });
    assert.deepEqual([answer.status, answer.text], [200, `PATCH ${BODY.length}`]);
  });

  void it('rejects where the service closes without a word', async () => {
    await assert.rejects(answerOf((request) => request.socket.destroy()));
  });
});
