import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';

import { Randomness } from '../randomness.ts';
import { BrokenPrecondition, HarnessError } from '../verdict.ts';
import { RawCall } from './raw_call.ts';
import { RawCaller } from './raw_caller.ts';
import type { RawLines } from './raw_request.ts';

const HERE = '127.0.0.1';

/** A service that answers each request with these lines in turn, and keeps what it heard. */
class ScriptedService {
  readonly heard: string[] = [];
  answer: (request: string) => readonly string[] = () => ['200 OK'];
  readonly socket: Socket = createSocket('udp4');

  async start(): Promise<number> {
    this.socket.on('message', (packet, from) => {
      const request = packet.toString('latin1');
      this.heard.push(request);
      if (request.startsWith('ACK ')) return;
      const copied = request.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq): /.test(line));
      const answers = request.startsWith('OPTIONS ') ? ['200 OK'] : this.answer(request);
      for (const line of answers)
        this.socket.send([`SIP/2.0 ${line}`, ...copied, '', ''].join('\r\n'), from.port, from.address);
    });
    this.socket.bind(0, HERE);
    await once(this.socket, 'listening');
    return this.socket.address().port;
  }
}

describe('RawCaller', () => {
  const service = new ScriptedService();
  let caller: RawCaller;
  const invite = (): RawLines => caller.lines({ method: 'INVITE', uri: 'sip:a@b', to: '<sip:a@b>' });

  before(async () => {
    const sip = { host: HERE, port: await service.start() };
    const parts = { sip, answerMs: 2_000, witnesses: {}, randomness: new Randomness(1) };
    caller = await RawCaller.open(HERE, parts);
  });
  beforeEach(() => service.heard.splice(0));
  after(() => {
    caller.close();
    service.socket.close();
  });

  test('sends octets as they are, and keeps the answers of each request apart', async () => {
    service.answer = (request) => (request.includes('Odd') ? ['100 Trying', '400 Bad'] : ['407 Who']);
    const odd = { ...invite(), first: ['Odd\x01 : \xff'] };
    const attempts = await caller.attempt({ odd, plain: invite() });
    assert.deepEqual(
      attempts.map(({ name, answers }) => [name, ...answers.map(({ status }) => status)]),
      [
        ['odd', 100, 400],
        ['plain', 407],
      ],
    );
    assert.ok(service.heard[0]?.startsWith('INVITE sip:a@b SIP/2.0\r\nOdd\x01 : \xff\r\nVia: '));
  });

  test('waits for an answer that is owed, though a later request was answered before it', async () => {
    service.answer = () => [];
    const lines = invite();
    const attempting = caller.attempt({ late: lines });
    await caller.until(({ cseq }) => cseq?.method === 'OPTIONS');
    service.answer = () => ['403 No'];
    caller.send(service.heard.find((request) => request.startsWith('INVITE')) ?? '');
    const [attempt] = await attempting;
    assert.deepEqual(
      attempt?.answers.map(({ status }) => status),
      [403],
    );
  });

  test('waits less where none is owed, and not at all for an ACK', async () => {
    service.answer = () => [];
    const ack = caller.lines({ method: 'ACK', uri: 'sip:a@b', to: '<sip:a@b>' });
    const started = performance.now();
    const [first] = await caller.attempt({ dropped: invite() }, { isAnswerOwed: false });
    const [second] = await caller.attempt({ ack });
    assert.deepEqual([first?.answers, second?.answers], [[], []]);
    assert.ok(performance.now() - started < 2_000, 'the patience for an owed answer was spent');
  });

  test('waits for the final answer after a provisional one', async () => {
    service.answer = () => ['180 Ringing'];
    const lines = invite();
    const attempting = caller.attempt({ late: lines });
    await caller.until(({ status }) => status === 180);
    service.answer = () => ['486 Busy'];
    caller.send(service.heard.find((request) => request.startsWith('INVITE')) ?? '');
    const [attempt] = await attempting;
    assert.deepEqual(
      attempt?.answers.map(({ status }) => status),
      [180, 486],
    );
  });

  test('acknowledges every refusal of an INVITE in its transaction', async () => {
    service.answer = () => ['486 Busy'];
    const lines = invite();
    await caller.attempt({ refused: lines });
    // What was sent before has come once this is answered.
    await caller.alive();
    const acks = service.heard.filter((one) => one.startsWith('ACK ') && one.includes(`${lines.via}\r\n`));
    assert.equal(acks.length, 1);
    assert.match(acks[0] ?? '', /\r\nCSeq: 1 ACK\r\n/);
  });

  test('sends no more once the service does not answer', async () => {
    const deaf = await RawCaller.open(HERE, {
      sip: { host: HERE, port: 9 },
      answerMs: 50,
      witnesses: {},
      randomness: new Randomness(2),
    });
    const attempts = await deaf.attempt({ one: invite(), other: invite() });
    deaf.close();
    assert.deepEqual(
      attempts.map(({ name, afterwards }) => [name, afterwards]),
      [['one', undefined]],
    );
  });

  test('throws for a request that cannot be sent, and for an address that is not ours', async () => {
    const long = { ...invite(), body: 'a'.repeat(70_000) };
    await assert.rejects(caller.attempt({ long }), /^HarnessError: "long" cannot be sent: .*EMSGSIZE/);
    const parts = {
      sip: { host: HERE, port: 9 },
      answerMs: 50,
      witnesses: {},
      randomness: new Randomness(3),
    };
    await assert.rejects(RawCaller.open('192.0.2.1', parts), HarnessError);
  });
});

function toldOtherwise(): Error {
  return new Error('told otherwise');
}

describe('RawCall', () => {
  test('follows the route backwards to the Contact of the answer', async () => {
    const service = new ScriptedService();
    const dialog = [
      '200 OK\r\nContact: <sip:callee@c>\r\nRecord-Route: <sip:near;lr>, <sip:middle;lr>\r\nRecord-Route: <sip:far;lr>',
    ];
    service.answer = (request) => (request.startsWith('INVITE') ? dialog : ['200 OK']);
    const sip = { host: HERE, port: await service.start() };
    const parts = { sip, answerMs: 2_000, witnesses: {}, randomness: new Randomness(4) };
    const caller = await RawCaller.open(HERE, parts);
    const invite = caller.lines({ method: 'INVITE', uri: 'sip:a@b', to: '<sip:a@b>' });
    const call = await RawCall.until(200, caller, invite, { acknowledges: false });
    assert.ok(!service.heard.some((request) => request.startsWith('ACK ')));
    call.acknowledge();
    assert.equal((await call.ask('INFO', ['Odd: 1'], 'sip:other@c'))?.status, 200);
    assert.equal((await call.ask('BYE'))?.status, 200);
    caller.close();
    service.socket.close();
    const info = service.heard.find((request) => request.startsWith('INFO')) ?? '';
    assert.match(info, /^INFO sip:other@c SIP\/2\.0\r\n[^]*\r\nOdd: 1\r\n/);
    const bye = service.heard.find((request) => request.startsWith('BYE')) ?? '';
    assert.match(bye, /^BYE sip:callee@c SIP\/2\.0\r\n/);
    assert.match(bye, /\r\nCSeq: 3 BYE\r\n/);
    assert.deepEqual(bye.match(/^Route: .*(?=\r)/gm), [
      'Route: <sip:far;lr>',
      'Route: <sip:middle;lr>',
      'Route: <sip:near;lr>',
    ]);
    assert.equal(service.heard.filter((request) => request.startsWith('ACK ')).length, 1);
  });

  test('that is not answered as it should is a broken precondition, unless it is told otherwise', async () => {
    const service = new ScriptedService();
    service.answer = () => ['403 No'];
    const sip = { host: HERE, port: await service.start() };
    const parts = { sip, answerMs: 2_000, witnesses: {}, randomness: new Randomness(5) };
    const caller = await RawCaller.open(HERE, parts);
    const invite = (): RawLines => caller.lines({ method: 'INVITE', uri: 'sip:a@b', to: '<sip:a@b>' });
    for (const [status, rule] of [
      [200, 'sip.auth.accepted'],
      [180, 'sip.cancel'],
    ] as const) {
      const broken = await RawCall.until(status, caller, invite()).catch((error: unknown) => error);
      assert.ok(broken instanceof BrokenPrecondition);
      assert.match(
        broken.message,
        new RegExp(`${status} was answered "SIP/2.0 403 No"; that is for ${rule}`),
      );
    }
    await assert.rejects(
      RawCall.until(200, caller, invite(), { otherwise: toldOtherwise }),
      /told otherwise/,
    );
    caller.close();
    service.socket.close();
  });
});
