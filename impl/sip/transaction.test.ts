import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { TimerWheel } from '../runtime/timer_wheel.ts';
import { ManualClock } from '../testing/manual_clock.ts';
import { RecordingTransport } from '../testing/recording_transport.ts';
import type { ClientTransaction } from './client_transaction.ts';
import type { SipRequest, SipResponse } from './message.ts';
import { parseMessage } from './parser.ts';
import type { ServerTransaction } from './server_transaction.ts';
import { TransactionLayer } from './transaction_layer.ts';

const SOURCE = { address: '203.0.113.7', port: 40_000 };
const DESTINATION = { address: '198.18.67.97', port: 5080 };

let clock: ManualClock;
let transport: RecordingTransport;
let layer: TransactionLayer;
let requested: { transaction: ServerTransaction; request: SipRequest }[];
let acknowledged: SipRequest[];
let unacknowledged: number;
let told: string[];

beforeEach(() => {
  clock = new ManualClock();
  transport = new RecordingTransport();
  requested = [];
  acknowledged = [];
  unacknowledged = 0;
  told = [];
  layer = new TransactionLayer(new TimerWheel(clock));
  layer.serve({
    requested: (transaction, received) => requested.push({ transaction, request: received }),
    acknowledged: (ack) => acknowledged.push(ack),
    unacknowledged: () => unacknowledged++,
  });
});

const COMMON = [
  'From: <sip:caller@customer.example>;tag=f1',
  'To: <sip:app@sip-uri.voice-api.example>',
  'Call-ID: c1',
];

function request(
  method: string,
  via = 'SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bKa;rport',
  toTag = '',
): SipRequest {
  const lines = [
    `${method} sip:app@sip-uri.voice-api.example SIP/2.0`,
    `Via: ${via}`,
    ...COMMON.map((field) => (field.startsWith('To:') ? field + toTag : field)),
    `CSeq: 1 ${method}`,
  ];
  const parsed = parseMessage(Buffer.from([...lines, '', ''].join('\r\n')));
  assert.equal(parsed.kind, 'request');
  return parsed;
}

function viaOf(branch: string): string {
  return `SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK${branch};rport`;
}

function receive(method: string, via?: string, toTag?: string): void {
  layer.receiveRequest(request(method, via, toTag), SOURCE, transport);
}

function respond(status: number): void {
  requested[0]!.transaction.respond({ status, toTag: 't1' });
}

function response(status: number, method: string, branch = 'z9hG4bKout'): SipResponse {
  const lines = [
    `SIP/2.0 ${status} x`,
    `Via: SIP/2.0/UDP 198.51.100.1;branch=${branch}`,
    ...COMMON,
    `CSeq: 1 ${method}`,
  ];
  const parsed = parseMessage(Buffer.from([...lines, '', ''].join('\r\n')));
  assert.equal(parsed.kind, 'response');
  return parsed;
}

function send(method: string): ClientTransaction {
  const sent = request(method);
  return layer.send(
    {
      packet: Buffer.from(`${method} out\r\n`),
      method,
      branch: 'z9hG4bKout',
      transport,
      destination: DESTINATION,
      invite: method === 'INVITE' ? { request: sent, via: 'v', route: 'keep' } : undefined,
    },
    { answered: (answer) => told.push(String(answer.status)), failed: (cause) => told.push(cause) },
  );
}

/** When something was sent during the next `ms`: milliseconds from now, exact to two ticks of the wheel. */
function sentTimes(ms: number): number[] {
  const times: number[] = [];
  for (let at = 0; at < ms; at += 10) {
    clock.advance(10);
    for (const _ of transport.takeStartLines()) times.push(at + 10);
  }
  return times;
}

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length, `sent at ${actual.join(', ')}`);
  for (const [index, at] of actual.entries()) {
    assert.ok(
      at >= expected[index]! && at <= expected[index]! + 20 * (index + 1),
      `sent at ${actual.join(', ')}`,
    );
  }
}

function assertNothingLeft(): void {
  assert.equal(layer.size, 0);
  assert.equal(layer.wheel.running, 0);
}

test('INVITE client: repeats by timer A, gives up by timer B (17.1.1.2)', () => {
  send('INVITE');
  assert.deepEqual(transport.takeStartLines(), ['INVITE out']);
  assertNear(sentTimes(33_000), [500, 1500, 3500, 7500, 15_500, 31_500]);
  assert.deepEqual(told, ['timeout']);
  assertNothingLeft();
});

test('INVITE client: a provisional answer ends retransmission, and timer B does not fire', () => {
  const transaction = send('INVITE');
  layer.receiveResponse(response(100, 'INVITE'));
  layer.receiveResponse(response(180, 'INVITE'));
  transport.takeStartLines();
  assert.deepEqual(sentTimes(60_000), []);
  assert.equal(transaction.state, 'proceeding');
  assert.deepEqual(told, ['100', '180']);
});

test('INVITE client: a failure is passed up once and acknowledged each time, until timer D', () => {
  send('INVITE');
  layer.receiveResponse(response(100, 'INVITE'));
  transport.takeStartLines();
  for (let i = 0; i < 3; i++) layer.receiveResponse(response(486, 'INVITE'));
  assert.deepEqual(told, ['100', '486']);
  assert.deepEqual(
    transport.sent.map(({ destination }) => destination),
    [DESTINATION, DESTINATION, DESTINATION],
  );
  assert.ok(transport.takeStartLines().every((line) => line.startsWith('ACK ')));
  clock.advance(32_000);
  assert.equal(layer.size, 1);
  clock.advance(1000);
  assertNothingLeft();
});

test('INVITE client: every 2xx passes in the Accepted state, until timer M (RFC 6026)', () => {
  const transaction = send('INVITE');
  for (let i = 0; i < 3; i++) layer.receiveResponse(response(200, 'INVITE'));
  layer.receiveResponse(response(486, 'INVITE'));
  assert.equal(transaction.state, 'accepted');
  assert.deepEqual(told, ['200', '200', '200']);
  clock.advance(32_100);
  assertNothingLeft();
  assert.equal(layer.receiveResponse(response(200, 'INVITE')), false);
});

test('if the network refuses, only unanswered requests fail, and at once', () => {
  send('INVITE');
  layer.undelivered(new RecordingTransport());
  assert.deepEqual(told, []);
  layer.undelivered(transport);
  assert.deepEqual(told, ['transport']);
  assertNothingLeft();
  send('INVITE');
  layer.receiveResponse(response(180, 'INVITE'));
  layer.undelivered(transport);
  assert.deepEqual(told, ['transport', '180']);
});

test('non-INVITE client: repeats by timer E, gives up by timer F (17.1.2.2)', () => {
  send('BYE');
  transport.takeStartLines();
  assertNear(sentTimes(33_000), [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
  assert.deepEqual(told, ['timeout']);
  assertNothingLeft();
});

test('non-INVITE client: after a provisional answer it repeats every T2', () => {
  send('BYE');
  clock.advance(400);
  layer.receiveResponse(response(100, 'BYE'));
  transport.takeStartLines();
  assertNear(sentTimes(9000), [100, 4100, 8100]);
});

test('non-INVITE client: the final answer is passed up once, until timer K', () => {
  send('BYE');
  for (let i = 0; i < 3; i++) layer.receiveResponse(response(200, 'BYE'));
  assert.deepEqual(told, ['200']);
  clock.advance(5100);
  assertNothingLeft();
});

test('a response with another method or branch has no transaction (17.1.3)', () => {
  send('BYE');
  assert.equal(layer.receiveResponse(response(200, 'CANCEL')), false);
  assert.equal(layer.receiveResponse(response(200, 'BYE', 'z9hG4bKother')), false);
  assert.deepEqual(told, []);
});

test('INVITE server: a repeated request gets the last provisional answer, and the user hears of it once (17.2.1)', () => {
  receive('INVITE');
  receive('INVITE');
  assert.deepEqual(transport.takeStartLines(), []);
  respond(100);
  receive('INVITE');
  assert.deepEqual(transport.takeStartLines(), ['SIP/2.0 100 Trying', 'SIP/2.0 100 Trying']);
  assert.equal(requested.length, 1);
});

test('INVITE server: a failure is repeated by timer G until timer H, with the same octets', () => {
  receive('INVITE');
  requested[0]!.transaction.admit();
  respond(486);
  const first = transport.sent[0]!.text;
  clock.advance(500 + 20);
  assert.equal(transport.sent[1]!.text, first);
  transport.takeStartLines();
  receive('INVITE');
  assert.equal(transport.takeStartLines().length, 1);
  assertNear(
    sentTimes(33_000).map((at) => at + 520),
    [1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500],
  );
  assert.equal(unacknowledged, 1);
  assertNothingLeft();
});

test('INVITE server: an ACK ends retransmission; further ones are absorbed until timer I', () => {
  receive('INVITE');
  respond(486);
  transport.takeStartLines();
  receive('ACK');
  receive('ACK');
  receive('INVITE');
  assert.deepEqual(sentTimes(4900), []);
  assert.equal(layer.size, 1);
  assert.deepEqual(acknowledged, []);
  clock.advance(200);
  assertNothingLeft();
  assert.equal(unacknowledged, 0);
});

test('INVITE server: after a 2xx, INVITEs are absorbed, 2xx and ACK pass, until timer L (RFC 6026)', () => {
  receive('INVITE');
  respond(200);
  receive('INVITE');
  assert.deepEqual(sentTimes(2000), [10]);
  requested[0]!.transaction.send(200, Buffer.from('SIP/2.0 200 again\r\n'));
  assert.deepEqual(transport.takeStartLines(), ['SIP/2.0 200 again']);
  requested[0]!.transaction.send(486, Buffer.from('SIP/2.0 486 late\r\n'));
  assert.deepEqual(transport.takeStartLines(), []);
  receive('ACK');
  assert.equal(acknowledged.length, 1);
  clock.advance(31_000);
  assertNothingLeft();
});

test('non-INVITE server: a repeated request gets nothing before the answer, then the same answer, until timer J (17.2.2)', () => {
  receive('BYE');
  receive('BYE');
  assert.deepEqual(transport.takeStartLines(), []);
  respond(481);
  receive('BYE');
  respond(200);
  assert.equal(requested.length, 1);
  assert.equal(new Set(transport.takeStartLines()).size, 1);
  clock.advance(31_900);
  assert.equal(layer.size, 1);
  clock.advance(200);
  assertNothingLeft();
});

test('answers go to the packet’s source with rport, else to its address and the port of sent-by', () => {
  for (const [via, destination] of [
    ['SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1;rport', SOURCE],
    ['SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK2', { address: SOURCE.address, port: 5070 }],
    [
      'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK3;maddr=1.2.3.4;received=5.6.7.8',
      { address: SOURCE.address, port: 5060 },
    ],
  ] as const) {
    receive('OPTIONS', via);
    requested.pop()!.transaction.respond({ status: 200 });
    assert.deepEqual(transport.sent.pop()?.destination, destination, via);
  }
});

test('the same branch from another address, sent-by or method is another transaction (17.2.3)', () => {
  receive('INVITE');
  layer.receiveRequest(request('INVITE'), { address: '198.51.100.9', port: SOURCE.port }, transport);
  receive('INVITE', 'SIP/2.0/UDP 203.0.113.7:5061;branch=z9hG4bKa;rport');
  receive('CANCEL');
  assert.equal(requested.length, 4);
  const cancel = requested[3]!.request;
  assert.equal(layer.inviteToCancel(cancel, SOURCE), requested[0]!.transaction);
  assert.equal(layer.inviteToCancel(cancel, { address: '198.51.100.10', port: SOURCE.port }), undefined);
});

test('without the magic cookie requests are matched by RFC 2543', () => {
  for (const branch of ['', ';branch=1', ';branch=z9hG4bK']) {
    const via = `SIP/2.0/UDP 203.0.113.7${branch}`;
    receive('INVITE', via);
    receive('INVITE', via);
    requested[0]!.transaction.respond({ status: 486, toTag: 't' });
    receive('ACK', via, ';tag=other');
    assert.equal(requested[0]!.transaction.state, 'completed', 'the ACK of another response');
    assert.equal(acknowledged.splice(0).length, 1);
    receive('CANCEL', via);
    assert.equal(layer.inviteToCancel(requested[1]!.request, SOURCE), requested[0]!.transaction);
    receive('ACK', via, ';tag=t');
    assert.equal(requested[0]!.transaction.state, 'confirmed', branch);
    assert.equal(requested.length, 2);
    requested = [];
    clock.advance(6000);
  }
});

test('INVITE server: a 100 goes out within 200 ms if nothing else has (17.2.1)', () => {
  receive('INVITE');
  const [at, ...others] = sentTimes(10_000);
  assert.ok(at !== undefined && at <= 150, `${at} ms`);
  assert.deepEqual(others, []);
  receive('INVITE');
  assert.deepEqual(transport.takeStartLines(), ['SIP/2.0 100 Trying']);
});

test('INVITE server: no 100 follows another answer', () => {
  for (const status of [100, 180, 200, 486]) {
    receive('INVITE', viaOf(String(status)));
    requested.at(-1)!.transaction.respond({ status });
  }
  transport.takeStartLines();
  assert.deepEqual(sentTimes(400), []);
});

test('a request other than INVITE gets no provisional answer except a 100 when it is due (RFC 4320 4.1)', () => {
  receive('BYE');
  respond(100);
  requested[0]!.transaction.send(180, Buffer.from('SIP/2.0 180 early\r\n'));
  receive('BYE');
  clock.advance(3490);
  assert.deepEqual(transport.takeStartLines(), []);
  clock.advance(30);
  assert.deepEqual(transport.takeStartLines(), ['SIP/2.0 100 Trying']);
  receive('BYE');
  assert.deepEqual(transport.takeStartLines(), ['SIP/2.0 100 Trying']);
  respond(200);
  assert.deepEqual(transport.takeStartLines(), ['SIP/2.0 200 OK']);
  assert.deepEqual(sentTimes(31_900), []);
  clock.advance(200);
  assertNothingLeft();
});

test('a request other than INVITE gets no 100 if it is answered in time, and never 408 (RFC 4320 4.2)', () => {
  receive('BYE');
  clock.advance(3000);
  respond(200);
  transport.takeStartLines();
  assert.deepEqual(sentTimes(10_000), []);
  receive('MESSAGE');
  requested[1]!.transaction.respond({ status: 408 });
  assert.deepEqual(transport.takeStartLines(), []);
  assert.equal(requested[1]!.transaction.state, 'terminated');
});

function isMerged(index: number): boolean {
  const { transaction, request: asked } = requested[index]!;
  return layer.isMerged(transaction, asked);
}

test('a request answered here that comes again by another way is merged, as long as the first is known (8.2.2.2)', () => {
  receive('OPTIONS', viaOf('a'));
  assert.equal(isMerged(0), false);
  respond(200);
  receive('OPTIONS', viaOf('b'));
  assert.equal(isMerged(1), true);
  receive('OPTIONS', viaOf('c'), ';tag=t');
  assert.equal(isMerged(2), false, 'a request within a dialog never is');
  receive('MESSAGE', viaOf('d'));
  assert.equal(isMerged(3), false, 'a CSeq with another method is another request');
  for (const { transaction } of requested.slice(1)) transaction.respond({ status: 482 });
  clock.advance(33_000);
  assertNothingLeft();
  receive('OPTIONS', viaOf('e'));
  assert.equal(isMerged(4), false);
});

test('whenAnswered waits for the last final answer', async () => {
  await layer.whenAnswered();
  receive('INVITE');
  receive('BYE');
  const waiting = layer.whenAnswered();
  let answered = false;
  void waiting.then(() => (answered = true));
  requested[0]!.transaction.respond({ status: 486 });
  await Promise.resolve();
  assert.equal(answered, false);
  requested[1]!.transaction.abandon();
  await waiting;
});

test('a request that could not be sent fails, and says if it was too large', () => {
  for (const [code, cause] of [
    ['ENETUNREACH', 'transport'],
    ['EPERM', 'transport'],
    ['EMSGSIZE', 'tooLarge'],
  ] as const) {
    for (const method of ['INVITE', 'INFO']) {
      told = [];
      send(method).unsent(code);
      assert.deepEqual(told, [cause], `${method} ${code}`);
    }
  }
  assertNothingLeft();
});
