import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, describe, test } from 'node:test';

import { Randomness } from '../randomness.ts';
import { HarnessError } from '../verdict.ts';
import { optionsOverTcp, type StreamExchange } from './stream.ts';

const HERE = '127.0.0.1';

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return address.port;
}

function ask(port: number, from = HERE): Promise<StreamExchange> {
  const sip = { host: HERE, port };
  return optionsOverTcp(1, 'all in one segment', from, sip, 2_000, new Randomness(1));
}

describe('optionsOverTcp', () => {
  const closing = createServer((connection) => connection.destroy());
  after(() => closing.close());

  test('finds that a service takes no connection', async () => {
    const server = createServer().listen(0, HERE);
    await once(server, 'listening');
    const port = portOf(server);
    server.close();
    await once(server, 'close');
    assert.deepEqual(await ask(port), { unconnected: 'connection refused', answers: [] });
  });

  test('finds no answer where the connection is closed', async () => {
    closing.listen(0, HERE);
    await once(closing, 'listening');
    assert.deepEqual((await ask(portOf(closing))).answers, []);
  });

  test('throws for an address that is not ours', async () => {
    await assert.rejects(ask(5060, '192.0.2.1'), (error) => {
      assert.ok(error instanceof HarnessError);
      assert.match(error.message, /^no TCP connection can be tried: .*192\.0\.2\.1/);
      return true;
    });
  });
});
