import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test, type TestContext } from 'node:test';

import { LifeWatch, showsLife, type LifeOptions } from './life.ts';

const HERE = '127.0.0.1';
const NOBODY = 'http://127.0.0.1:1/';

/** A SIP service that answers the requests that match; what it gets is emitted as `message`. */
async function sipServer(t: TestContext, answers: RegExp): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, HERE);
  await once(socket, 'listening');
  socket.on('message', (request, { address, port }) => {
    if (answers.test(request.toString())) socket.send('SIP/2.0 405 No\r\n\r\n', port, address);
  });
  t.after(() => socket.close());
  return socket;
}

function life(sip: Socket, url = NOBODY, answerMs = 100): LifeOptions {
  const place = { api: { baseUrl: url, tokenUrl: url }, sip: { host: HERE, port: sip.address().port } };
  return { place, from: HERE, answerMs };
}

function fail(): void {
  assert.fail('it does not hang');
}

describe('showsLife', () => {
  for (const method of ['OPTIONS', 'MESSAGE'])
    test(`an answer to ${method} alone is enough, whatever it says`, async (t) => {
      assert.equal(await showsLife(life(await sipServer(t, new RegExp(`^${method}`))), 60_000), true);
    });

  test('an answer over HTTP alone is enough, whatever it says', async (t) => {
    const api = createServer((_, response) => response.writeHead(503).end()).listen(0, HERE);
    await once(api, 'listening');
    t.after(() => api.close());
    const address = api.address();
    assert.ok(address && typeof address === 'object');
    const silent = await sipServer(t, /^never/);
    const url = `http://${HERE}:${address.port}/`;
    assert.equal(await showsLife(life(silent, url, 60_000), 60_000), true);
  });

  test('silence everywhere is none', async (t) => {
    assert.equal(await showsLife(life(await sipServer(t, /^never/)), 20), false);
  });
});

describe('a watch over a target', () => {
  test('tells once that it hangs, after 1.75 times what an answer may take', async (t) => {
    const sip = await sipServer(t, /^never/);
    const hung = Promise.withResolvers<number>();
    let times = 0;
    const told = (seconds: number): void => {
      times += 1;
      hung.resolve(seconds);
    };
    const watch = await LifeWatch.start(life(sip), told, () => false);
    assert.equal(await hung.promise, 0.175);
    for (let asked = 0; asked < 10; asked += 1) await once(sip, 'message');
    watch.stop();
    assert.equal(times, 1);
  });

  test('is content with one answer in a while, and with silence that has an excuse', async (t) => {
    const answering = await sipServer(t, /^MESSAGE/);
    const silent = await sipServer(t, /^never/);
    let looks = 0;
    const excused = (): boolean => (looks += 1) > 3;
    const watches = [
      await LifeWatch.start(life(answering), fail, () => false),
      await LifeWatch.start(life(silent), fail, excused),
    ];
    for (let asked = 0; asked < 40; asked += 1) await once(answering, 'message');
    for (const watch of watches) watch.stop();
    assert.ok(looks > 7, String(looks));
  });
});
