import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { TICK_MS, TimerWheel } from '../runtime/timer_wheel.ts';
import { ManualClock } from '../testing/manual_clock.ts';
import { RecordingTransport } from '../testing/recording_transport.ts';
import type { SipRequest, SipResponse } from './message.ts';
import { parseMessage } from './parser.ts';
import type { ServerTransaction } from './server_transaction.ts';
import { TransactionLayer } from './transaction_layer.ts';
import type { Destination } from './transport.ts';

const SOURCE = { address: '203.0.113.7', port: 40_000 };
const DESTINATION = { address: '198.18.67.97', port: 5080 };
/** How long a timer of zero may take. */
const AT_ONCE_MS = 2 * TICK_MS;

let clock: ManualClock;
let transport: RecordingTransport;
let layer: TransactionLayer;
let requested: ServerTransaction[];
let unacknowledged: number;
let told: string[];

beforeEach(() => {
  clock = new ManualClock();
  transport = new RecordingTransport('TCP');
  requested = [];
  unacknowledged = 0;
  told = [];
  layer = new TransactionLayer(new TimerWheel(clock));
  layer.serve({
    requested: (transaction) => requested.push(transaction),
    acknowledged: () => undefined,
    unacknowledged: () => unacknowledged++,
  });
});

const COMMON = [
  'From: <sip:caller@customer.example>;tag=f1',
  'To: <sip:app@sip-uri.voice-api.example>',
  'Call-ID: c1',
  'Content-Length: 0',
];

function request(method: string): SipRequest {
  const lines = [
    `${method} sip:app@sip-uri.voice-api.example SIP/2.0`,
    'Via: SIP/2.0/TCP 10.0.0.1:5070;branch=z9hG4bKa;rport',
    ...COMMON,
    `CSeq: 1 ${method}`,
  ];
  const parsed = parseMessage(Buffer.from([...lines, '', ''].join('\r\n')), true);
  assert.equal(parsed.kind, 'request');
  return parsed;
}

function response(status: number, method: string): SipResponse {
  const lines = [
    `SIP/2.0 ${status} x`,
    'Via: SIP/2.0/TCP 198.51.100.1;branch=z9hG4bKout',
    ...COMMON,
    `CSeq: 1 ${method}`,
  ];
  const parsed = parseMessage(Buffer.from([...lines, '', ''].join('\r\n')), true);
  assert.equal(parsed.kind, 'response');
  return parsed;
}

function receive(method: string): void {
  layer.receiveRequest(request(method), SOURCE, transport);
}

function send(method: string, destination: Destination = DESTINATION): void {
  layer.send(
    {
      packet: Buffer.from(`${method} out\r\n`),
      method,
      branch: 'z9hG4bKout',
      transport,
      destination,
      invite: method === 'INVITE' ? { request: request(method), via: 'v', route: 'keep' } : undefined,
    },
    { answered: (answer) => told.push(String(answer.status)), failed: (cause) => told.push(cause) },
  );
}

function assertNothingLeft(): void {
  assert.equal(layer.size, 0);
  assert.equal(layer.wheel.running, 0);
}

for (const method of ['INVITE', 'BYE']) {
  test(`${method} client over TCP: sent once, and still given up by timer B or F`, () => {
    send(method);
    clock.advance(31_900);
    assert.deepEqual(transport.takeStartLines(), [`${method} out`]);
    assert.equal(layer.size, 1);
    clock.advance(200);
    assert.deepEqual(told, ['timeout']);
    assertNothingLeft();
  });
}

test('BYE client over TCP: a provisional answer starts no retransmission, and timer K is zero', () => {
  send('BYE');
  layer.receiveResponse(response(100, 'BYE'));
  clock.advance(10_000);
  assert.deepEqual(transport.takeStartLines(), ['BYE out']);
  layer.receiveResponse(response(200, 'BYE'));
  clock.advance(AT_ONCE_MS);
  assert.deepEqual(told, ['100', '200']);
  assertNothingLeft();
});

test('INVITE client over TCP: timer D is zero after a failure, timer M is not after a 2xx (RFC 6026)', () => {
  send('INVITE');
  layer.receiveResponse(response(486, 'INVITE'));
  assert.equal(transport.takeStartLines().length, 2);
  clock.advance(AT_ONCE_MS);
  assertNothingLeft();
  send('INVITE');
  layer.receiveResponse(response(200, 'INVITE'));
  clock.advance(31_900);
  assert.equal(layer.size, 1);
  clock.advance(200);
  assertNothingLeft();
});

test('INVITE server over TCP: a failure is sent once, waits for its ACK until timer H; timer I is zero', () => {
  receive('INVITE');
  requested[0]!.respond({ status: 486 });
  clock.advance(31_900);
  assert.deepEqual(transport.takeStartLines(), ['SIP/2.0 486 ']);
  clock.advance(200);
  assert.equal(unacknowledged, 1);
  assertNothingLeft();
  receive('INVITE');
  requested[1]!.respond({ status: 486 });
  receive('ACK');
  clock.advance(AT_ONCE_MS);
  assert.equal(unacknowledged, 1);
  assertNothingLeft();
});

test('BYE server over TCP: timer J is zero', () => {
  receive('BYE');
  requested[0]!.respond({ status: 200 });
  clock.advance(AT_ONCE_MS);
  assertNothingLeft();
});

test('an answer goes back over its connection, else to the source address and the port of sent-by', () => {
  receive('OPTIONS');
  requested[0]!.respond({ status: 200 });
  receive('INFO');
  requested[1]!.admit();
  requested[1]!.respond({ status: 200 });
  const destination = { ...SOURCE, otherwise: { address: SOURCE.address, port: 5070 } };
  // A stranger opens no connection by asking over another.
  assert.deepEqual(transport.sent[0]?.destination, { ...destination, opens: false });
  assert.deepEqual(transport.sent[1]?.destination, destination);
});

test('a failed connection fails the unanswered requests to its endpoint, and nothing else', () => {
  send('INVITE', { address: '10.0.0.9', port: 40_001, otherwise: DESTINATION });
  layer.undelivered(transport, { ...DESTINATION, port: 5081 });
  layer.undelivered(transport, { ...DESTINATION, address: '198.18.67.98' });
  assert.deepEqual(told, []);
  layer.undelivered(transport, DESTINATION);
  assert.deepEqual(told, ['transport']);
  assertNothingLeft();
});
