import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import type { LogEntry } from '../observe/log.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import { answerText, LoopbackAgent, pingText, requestText } from '../testing/loopback_agent.ts';
import type { ClientTransactionUser } from './client_transaction.ts';
import { SipEndpoint } from './endpoint.ts';
import type { Listener } from './listener.ts';
import type { SipResponse } from './message.ts';
import type { ServerTransaction } from './server_transaction.ts';
import type { TransactionUser } from './transaction_layer.ts';
import type { Transport } from './transport.ts';

/** The simplest user agent server: it accepts every request. */
const TAKES_ALL: TransactionUser = {
  requested: (transaction: ServerTransaction) => transaction.respond({ status: 200, toTag: 'callee' }),
  acknowledged: () => undefined,
  unacknowledged: () => undefined,
};

let endpoint: SipEndpoint;
let listener: Listener;
let agent: LoopbackAgent;
let logged: LogEntry[];

beforeEach(async () => {
  logged = [];
  endpoint = new SipEndpoint({
    clock: systemClock,
    random: systemRandom,
    log: (entry) => logged.push(entry),
  });
  listener = await endpoint.listen({ address: '127.0.0.1', port: 0 });
  agent = await LoopbackAgent.open();
});
afterEach(async () => {
  await Promise.all([endpoint.close(), agent.close()]);
});

function request(method: string, ...extra: string[]): string {
  return requestText(`${method} sip:callee@127.0.0.1 SIP/2.0`, [
    `Via: SIP/2.0/UDP 127.0.0.1:${agent.port};branch=z9hG4bK${method};rport`,
    'From: <sip:caller@127.0.0.1>;tag=caller',
    'To: <sip:callee@127.0.0.1>',
    `Call-ID: ${method}`,
    `CSeq: 1 ${method}`,
    ...extra,
  ]);
}

/** Sends an OPTIONS of the endpoint's own; resolves with the answer, or with how it failed. */
function ask(transport: Transport, port: number): Promise<SipResponse | string> {
  const { promise, resolve } = Promise.withResolvers<SipResponse | string>();
  const user: ClientTransactionUser = { answered: resolve, failed: resolve };
  const lines = [
    'OPTIONS sip:callee@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:${transport.port};branch=z9hG4bKasked;rport`,
    'From: <sip:us@127.0.0.1>;tag=us',
    'To: <sip:callee@127.0.0.1>',
    'Call-ID: asked',
    'CSeq: 1 OPTIONS',
    '',
    '',
  ];
  endpoint.transactions.send(
    {
      packet: Buffer.from(lines.join('\r\n')),
      method: 'OPTIONS',
      branch: 'z9hG4bKasked',
      transport,
      destination: { address: '127.0.0.1', port },
      invite: undefined,
    },
    user,
  );
  return promise;
}

test('a user agent server can be built on it', async () => {
  endpoint.serve(TAKES_ALL);
  agent.send(request('MESSAGE'), listener.port);
  assert.equal((await agent.response(200)).to.tag, 'callee');
  agent.send(request('MESSAGE'), listener.port);
  await agent.response(200);
  assert.equal(endpoint.transactions.size, 1);
  assert.equal(endpoint.counters.received, 2);
});

test('a user agent client can be built on it', async () => {
  endpoint.serve(TAKES_ALL);
  const answer = ask(listener.udp, agent.port);
  agent.send(answerText(await agent.request('OPTIONS'), 404), listener.port);
  const response = await answer;
  assert.ok(typeof response !== 'string');
  assert.equal(response.status, 404);
});

test('a malformed request is answered without asking the user, and makes no transaction (RFC 3261 8.2.7)', async () => {
  endpoint.serve(TAKES_ALL);
  agent.send(request('OPTIONS', 'Max-Forwards: many'), listener.port);
  assert.equal((await agent.response(400)).reasonPhrase, 'Bad Request (Max-Forwards)');
  assert.equal(endpoint.counters.malformed, 1);
  assert.equal(endpoint.transactions.size, 0);
});

test('before it serves a user, it drops every message', async () => {
  agent.send(request('MESSAGE'), listener.port);
  while (endpoint.counters.received === 0) await new Promise(setImmediate);
  endpoint.serve(TAKES_ALL);
  agent.send(pingText('127.0.0.1', agent.port), listener.port);
  await agent.response(200);
  assert.deepEqual(agent.unread, []);
});

test('an exception in its user is counted and logged, and the next request is served', async () => {
  endpoint.serve({
    ...TAKES_ALL,
    requested(transaction, received) {
      if (received.method === 'PUBLISH') throw new Error('a bug');
      TAKES_ALL.requested(transaction, received);
    },
  });
  agent.send(request('PUBLISH'), listener.port);
  agent.send(request('MESSAGE'), listener.port);
  await agent.response(200);
  assert.equal(endpoint.counters.exceptions, 1);
  assert.deepEqual(
    logged.map(({ event }) => event),
    ['sip.exception'],
  );
});

test('an interceptor sees packets, requests and stray responses before anybody else', async () => {
  const seen: string[] = [];
  endpoint.serve(TAKES_ALL, {
    takesPacket: (packet) => packet[0] === 0xff && seen.push('packet') > 0,
    takesRequest: ({ method }) => method === 'INFO' && seen.push('request') > 0,
    takesStrayResponse: () => seen.push('response') > 0,
  });
  agent.send(Buffer.of(0xff, 0, 1), listener.port);
  agent.send(request('INFO'), listener.port);
  agent.send(request('MESSAGE'), listener.port);
  agent.send(answerText(await stray(), 200), listener.port);
  await agent.response(200);
  agent.send(pingText('127.0.0.1', agent.port), listener.port);
  await agent.response(200);
  assert.deepEqual(seen, ['packet', 'request', 'response']);
  assert.equal(endpoint.counters.dropped, 0);
});

/** A request that this endpoint never sent. */
async function stray(): Promise<Parameters<typeof answerText>[0]> {
  const other = await LoopbackAgent.open();
  other.send(pingText('127.0.0.1', agent.port), agent.port);
  const asked = await agent.request('OPTIONS');
  await other.close();
  return asked;
}

test('a request to a peer that is not there fails at once', async () => {
  endpoint.serve(TAKES_ALL);
  const gone = await LoopbackAgent.open();
  const { port } = gone;
  await gone.close();
  const socket = await endpoint.bindUdp({
    address: '127.0.0.1',
    port: 0,
    peer: { address: '127.0.0.1', port },
  });
  assert.equal(await ask(socket, port), 'transport');
  assert.deepEqual(
    logged.map(({ event, port: at }) => [event, at]),
    [['sip.peer-refused', port]],
  );
});
