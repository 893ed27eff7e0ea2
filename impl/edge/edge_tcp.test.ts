import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { answerText, requestText } from '../testing/loopback_agent.ts';
import { LoopbackEdge } from '../testing/loopback_edge.ts';
import { TcpAgent } from '../testing/tcp_agent.ts';

let lab: LoopbackEdge;

beforeEach(async () => {
  lab = await LoopbackEdge.start();
});

afterEach(async () => {
  assert.equal(lab.edge.counters.exceptions, 0);
  await lab.stop();
});

const overTcp = (text: string, { port }: TcpAgent): string =>
  text
    .replace(/Via: SIP\/2\.0\/UDP [^;]+/, `Via: SIP/2.0/TCP 127.0.0.1:${port}`)
    .replace(/Contact: .*\r\n/, `Contact: <sip:caller@127.0.0.1:${port};transport=tcp>\r\n`);

test('sip.tcp: a whole call of a TCP caller to a UDP callee, over one connection', async () => {
  await using caller = await TcpAgent.connect(lab.edge.address.port);
  const invite = overTcp(lab.inviteText(), caller);
  caller.send(invite);
  const challenge = await caller.response(407);
  caller.send(
    requestText(`ACK ${invite.split(' ')[1]} SIP/2.0`, [
      invite.match(/Via: .*/)![0].trimEnd(),
      'From: <sip:caller@customer.example>;tag=caller',
      `To: ${challenge.value('to')}`,
      'Call-ID: call',
      'CSeq: 1 ACK',
    ]),
  );
  caller.send(overTcp(lab.inviteText({ cseq: 2, extra: [lab.authorization(challenge)] }), caller));
  const delivered = await lab.callee.request('INVITE');
  assert.match(delivered.value('via')!, /^SIP\/2\.0\/UDP /);
  assert.match(delivered.value('record-route')!, /^<sip:[\w-]{40}@127\.0\.0\.1:\d+;lr>$/);
  lab.answer(delivered, 200, [`Contact: <sip:callee@127.0.0.1:${lab.callee.port}>`]);
  const answer = await caller.response(200);
  const route = answer.value('record-route')!;
  assert.match(
    route,
    new RegExp(`^<sip:[\\w-]{40}@127\\.0\\.0\\.1:${lab.edge.address.port};transport=tcp;lr>$`),
  );
  const call = { callId: 'call', delivered, answer };
  caller.send(overTcp(lab.inDialogText(call, 'ACK'), caller));
  const ack = await lab.callee.request('ACK');
  assert.equal(ack.value('route'), undefined);
  lab.fromCallee(lab.inDialogTextOfCallee(call, 'BYE'));
  const bye = await caller.request('BYE');
  assert.match(bye.value('via')!, /^SIP\/2\.0\/TCP /);
  caller.send(bye.text.replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n'));
  await lab.callee.response(200);
  assert.equal(lab.edge.occupancy().dialogs, 0);
});

test('sip.tcp: after a restart the route lets a TCP caller’s new connection serve the old dialog', async () => {
  lab.trustSources();
  const call = await (async () => {
    await using caller = await TcpAgent.connect(lab.edge.address.port);
    caller.send(overTcp(lab.inviteText(), caller));
    const delivered = await lab.callee.request('INVITE');
    lab.answer(delivered, 200, [`Contact: <sip:callee@127.0.0.1:${lab.callee.port}>`]);
    return { callId: 'call', delivered, answer: await caller.response(200) };
  })();
  await lab.restart();
  await using again = await TcpAgent.connect(lab.edge.address.port);
  again.send(overTcp(lab.inDialogText(call, 'BYE'), again));
  lab.answer(await lab.callee.request('BYE'), 200);
  await again.response(200);
});

test('sip.tcp: several messages in one segment, and one message in many', async () => {
  await using caller = await TcpAgent.connect(lab.edge.address.port);
  const ping = (): string => overTcp(lab.requestText('OPTIONS'), caller);
  caller.send(ping() + ping());
  await caller.response(200);
  await caller.response(200);
  for (const octet of ping()) caller.send(octet);
  await caller.response(200);
});

test('RFC 3261 18.3: what the callee sends without Content-Length has one towards a TCP caller', async () => {
  lab.trustSources();
  await using caller = await TcpAgent.connect(lab.edge.address.port);
  caller.send(overTcp(lab.inviteText(), caller));
  const delivered = await lab.callee.request('INVITE');
  const [ok, info] = [
    answerText(delivered, 200, [`Contact: <sip:callee@127.0.0.1:${lab.callee.port}>`]),
    lab.inDialogTextOfCallee({ callId: 'call', delivered }, 'INFO'),
  ].map((text) => text.replace(/Content-Length: .*\r\n/, ''));
  lab.callee.send(`${ok}v=0\r\n`, delivered.via.port!);
  assert.equal((await caller.response(200)).value('content-length'), '5');
  lab.fromCallee(`${info}abc`);
  assert.equal((await caller.request('INFO')).value('content-length'), '3');
});
