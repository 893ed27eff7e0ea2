import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';

import { HarnessError } from '../verdict.ts';
import type { Place } from './descriptor.ts';
import type { TargetEnd } from './process.ts';
import { untilReady } from './readiness.ts';

const HERE = '127.0.0.1';
const END: TargetEnd = {
  sentence: 'edge ended with exit code 2.',
  details: 'Its last lines:\n8080 is taken',
};

function placeAt(sipPort: number, more: Partial<Place> = {}): Place {
  const url = 'http://127.0.0.1:1/';
  return {
    api: { baseUrl: url, tokenUrl: url },
    sip: { host: HERE, port: sipPort },
    vantagePoints: [],
    ...more,
  };
}

/** A UDP socket that answers every request of these methods once `isOpen`. */
async function sipServer(
  isOpen: () => boolean = () => true,
  answer = 'SIP/2.0 200 OK\r\n\r\n',
  methods = /^(OPTIONS|MESSAGE) sip:/,
): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (packet, { address, port }) => {
    if (methods.test(packet.toString()) && isOpen()) socket.send(answer, port, address);
  });
  socket.bind(0, HERE);
  await once(socket, 'listening');
  return socket;
}

async function freePort(): Promise<number> {
  const socket = await sipServer();
  const { port } = socket.address();
  socket.close();
  return port;
}

async function refusal(ready: Promise<void>): Promise<string> {
  try {
    await ready;
  } catch (error) {
    assert.ok(error instanceof HarnessError, String(error));
    return error.message;
  }
  return 'it is ready';
}

describe('untilReady', () => {
  test('resolves once any SIP answer has come', async () => {
    const server = await sipServer(undefined, 'SIP/2.0 405 Method Not Allowed\r\n\r\n');
    await untilReady(placeAt(server.address().port), { from: HERE, patienceMs: 5_000, answerMs: 1_000 });
    server.close();
  });

  test('needs no answer to OPTIONS where another request is answered', async () => {
    const server = await sipServer(undefined, 'SIP/2.0 405 Method Not Allowed\r\n\r\n', /^MESSAGE sip:/);
    const place = placeAt(server.address().port, { start: { command: ['edge'], environment: {} } });
    await untilReady(place, { from: HERE, patienceMs: 10_000, answerMs: 1_000 });
    server.close();
  });

  test('takes an answer that comes as late as a request may stay unanswered', async () => {
    const server = createSocket('udp4').bind(0, HERE);
    await once(server, 'listening');
    let asked = 0;
    server.on('message', (_, { address, port }) => {
      // The first request is answered when the third has come.
      asked += 1;
      if (asked === 3) server.send('SIP/2.0 200 OK\r\n\r\n', port, address);
    });
    const place = placeAt(server.address().port, { start: { command: ['edge'], environment: {} } });
    await untilReady(place, { from: HERE, patienceMs: 5_000, answerMs: 4_000 });
    assert.equal(asked, 3);
    server.close();
  });

  test('waits for both probes, as long as they need', async () => {
    let asked = 0;
    let httpReady = false;
    const health = createServer((_, response) => {
      asked += 1;
      httpReady = asked === 3;
      response.writeHead(httpReady ? 204 : 503).end();
    }).listen(0, HERE);
    await once(health, 'listening');
    const address = health.address();
    assert.ok(address && typeof address === 'object');
    let dropped = 0;
    const server = await sipServer(() => httpReady && (dropped += 1) > 1);
    const place = placeAt(server.address().port, {
      start: { command: ['edge'], environment: {} },
      readyUrl: `http://127.0.0.1:${address.port}/health`,
    });
    await untilReady(place, { from: HERE, patienceMs: 10_000, answerMs: 1_000 });
    assert.deepEqual([asked, dropped], [3, 2]);
    health.closeAllConnections();
    health.close();
    server.close();
  });

  test('sends an OPTIONS that is a whole request', async () => {
    const server = await sipServer();
    const packets: string[] = [];
    server.on('message', (packet) => packets.push(packet.toString()));
    await untilReady(placeAt(server.address().port), {
      from: '127.0.0.2',
      patienceMs: 5_000,
      answerMs: 1_000,
    });
    const [head = ''] = packets;
    assert.match(head, /^OPTIONS sip:127\.0\.0\.1:\d+ SIP\/2\.0\r\n/);
    for (const name of [
      'Via: SIP/2.0/UDP 127.0.0.2:',
      'From: ',
      'To: ',
      'Call-ID: ',
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 70',
    ])
      assert.ok(head.includes(`\r\n${name}`), name);
    assert.ok(head.endsWith('\r\n\r\n'));
    server.close();
  });

  test('says what was tried, for how long, and what came of it', async () => {
    const port = await freePort();
    const started = { command: ['edge'], environment: {} };
    assert.equal(
      await refusal(
        untilReady(placeAt(port, { start: started }), { from: HERE, patienceMs: 50, answerMs: 1_000 }),
      ),
      `the target was not ready within 50 ms (timeouts.ready): OPTIONS and MESSAGE to 127.0.0.1:${port} over UDP: no answer. ` +
        'Does its start command listen on the addresses in its descriptor? If it only needs longer, raise timeouts.ready.',
    );
    const readyUrl = `http://127.0.0.1:${port}/health/ready`;
    assert.equal(
      await refusal(untilReady(placeAt(port, { readyUrl }), { from: HERE, patienceMs: 50, answerMs: 1_000 })),
      `the target was not ready within 50 ms (timeouts.ready): GET ${readyUrl}: connect ECONNREFUSED 127.0.0.1:${port}. ` +
        'Nothing is started for it in this place: is it running, and are the addresses in its descriptor right? ' +
        'If it only needs longer, raise timeouts.ready.',
    );
  });

  test('says which other status the HTTP probe got', async () => {
    const health = createServer((_, response) => response.writeHead(503).end()).listen(0, HERE);
    await once(health, 'listening');
    const address = health.address();
    assert.ok(address && typeof address === 'object');
    const readyUrl = `http://127.0.0.1:${address.port}/`;
    const message = await refusal(
      untilReady(placeAt(1, { readyUrl }), { from: HERE, patienceMs: 50, answerMs: 1_000 }),
    );
    assert.match(message, /: answered 503\. /);
    health.closeAllConnections();
    health.close();
  });

  test('says how the target ended meanwhile, long before the time is over', async () => {
    const port = await freePort();
    const ended = Promise.resolve(END);
    assert.equal(
      await refusal(untilReady(placeAt(port), { from: HERE, patienceMs: 600_000, answerMs: 1_000, ended })),
      'the target ended before it was ready: edge ended with exit code 2.\nIts last lines:\n8080 is taken',
    );
  });

  test("does not mistake another program's answer for that of a target that has ended", async () => {
    const server = await sipServer();
    const ended = Promise.resolve(END);
    const message = await refusal(
      untilReady(placeAt(server.address().port), { from: HERE, patienceMs: 5_000, answerMs: 1_000, ended }),
    );
    assert.match(message, /^the target ended before it was ready/);
    server.close();
  });

  test('gives up when the signal is aborted', async () => {
    const interruption = new AbortController();
    const waiting = untilReady(placeAt(await freePort()), {
      from: HERE,
      patienceMs: 600_000,
      answerMs: 1_000,
      signal: interruption.signal,
    });
    interruption.abort(new Error('the user has gone'));
    await assert.rejects(waiting, /^Error: the user has gone$/);
  });

  test('says that the address to call from is missing', async () => {
    const message = await refusal(
      untilReady(placeAt(1), { from: '192.0.2.99', patienceMs: 1, answerMs: 1_000 }),
    );
    assert.match(
      message,
      /OPTIONS and MESSAGE to 127\.0\.0\.1:1 over UDP: bind EADDRNOTAVAIL 192\.0\.2\.99\. /,
    );
  });

  test('sends nothing to the lab from outside of it', async () => {
    const place = placeAt(1, { sip: { host: '198.18.67.33', port: 6160 } });
    const message = await refusal(untilReady(place, { from: HERE, patienceMs: 50, answerMs: 1_000 }));
    assert.match(message, /^refusing to send to the lab address 198\.18\.67\.33/);
  });
});
