import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';

import { Randomness } from '../randomness.ts';
import { ListeningCaller } from './listening_caller.ts';
import { responseTo } from './raw_call.ts';
import { written } from './raw_request.ts';

const HERE = '127.0.0.1';
const REQUEST = [
  'INFO sip:caller@127.0.0.1 SIP/2.0',
  'Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKone',
  'From: <sip:called@127.0.0.1>;tag=one',
  'To: <sip:caller@127.0.0.1>;tag=two',
  'Call-ID: one',
  'CSeq: 7 INFO',
  'Content-Length: 0',
  '\r\n',
].join('\r\n');

describe('ListeningCaller', () => {
  const service: Server = createServer();
  const accepted: Socket[] = [];
  let caller: ListeningCaller;

  before(async () => {
    service.on('connection', (socket) => accepted.push(socket));
    await once(service.listen(0, HERE), 'listening');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
    const { port } = service.address() as AddressInfo;
    const parts = {
      sip: { host: HERE, port },
      answerMs: 2_000,
      witnesses: {},
      randomness: new Randomness(1),
    };
    caller = await ListeningCaller.open(HERE, parts);
  });
  beforeEach(() => {
    for (const socket of accepted.splice(0)) socket.destroy();
  });
  after(() => {
    caller.close();
    service.close();
  });

  test('names the port at which it listens, over TCP', () => {
    const { via, others } = caller.lines({ method: 'INVITE', uri: 'sip:a@b', to: '<sip:a@b>' });
    const end = `${HERE}:${caller.local.port}`;
    assert.ok(via.startsWith(`Via: SIP/2.0/TCP ${end};branch=`), via);
    assert.ok(others.includes(`Contact: <sip:caller@${end};transport=tcp>`), others.join());
  });

  test('opens a connection for its requests, and another when that has ended', async () => {
    for (const method of ['INFO', 'UPDATE']) {
      const connection = once(service, 'connection');
      caller.send(written(caller.lines({ method, uri: 'sip:a@b', to: '<sip:a@b>' })));
      await connection;
      const [first = assert.fail('nobody connected')] = accepted;
      const [octets] = await once(first, 'data');
      assert.ok(String(octets).startsWith(`${method} sip:a@b SIP/2.0\r\n`));
      const ended = once(first, 'close');
      first.end();
      first.resume();
      await ended;
      accepted.splice(0);
    }
  });

  test('answers a request over the connection by which it came', async () => {
    const back = connect({ host: HERE, port: caller.local.port });
    back.write(REQUEST);
    const request = await caller.until(({ callId }) => callId === 'one');
    assert.ok(request);
    caller.reply(responseTo(request, '200 OK', []), request);
    const [octets] = await once(back, 'data');
    assert.ok(String(octets).startsWith('SIP/2.0 200 OK\r\n'));
    back.destroy();
    assert.deepEqual(accepted, []);
  });

  test('says why the service takes no connection', async () => {
    const parts = { answerMs: 2_000, witnesses: {}, randomness: new Randomness(1) };
    const lonely = await ListeningCaller.open(HERE, { ...parts, sip: { host: HERE, port: 9 } });
    assert.equal(await lonely.connect(), 'connection refused');
    lonely.close();
  });
});
