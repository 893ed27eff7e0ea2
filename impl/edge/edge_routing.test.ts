import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { LoopbackAgent } from '../testing/loopback_agent.ts';
import { APPLICATION, LoopbackEdge, REALM, URI_USER } from '../testing/loopback_edge.ts';
import { SILENCE_MS } from './dialog.ts';

let lab: LoopbackEdge;

beforeEach(async () => {
  lab = await LoopbackEdge.start();
  lab.trustSources();
});

afterEach(async () => {
  assert.equal(lab.edge.counters.exceptions, 0);
  await lab.stop();
});

test('an INVITE is delivered with the changes of RFC 3261 16.6 and without vendor fields', async () => {
  const standard = [
    'Subject: kept',
    'Unknown-Field:  as  it is',
    'P-Asserted-Identity: <sip:x@customer.example>',
  ];
  const delivered = await lab.delivered({
    maxForwards: '10',
    extra: [
      standard[0]!,
      'X-A: 1',
      'x-b : 2',
      'X-C\t: 3',
      'X-Folded: 4\r\n 5\r\n\t6',
      standard[1]!,
      'X-A: again',
      standard[2]!,
      'x: 90',
    ],
    body: 'v=0\r\n',
  });
  const { port } = lab.edge.address;
  assert.deepEqual(
    delivered.headers.map(({ key }) => key).filter((key) => key.startsWith('x-')),
    [],
  );
  const text = delivered.text;
  assert.ok(text.includes(`${standard.join('\r\n')}\r\nx: 90\r\nContent-Length: 5\r\n\r\nv=0\r\n`), text);
  assert.equal(delivered.maxForwards, 9);
  assert.equal(delivered.uriText, `sip:${APPLICATION}@${REALM}`);
  assert.match(
    delivered.value('record-route')!,
    new RegExp(`^<sip:[A-Za-z0-9_-]{40}@127\\.0\\.0\\.1:${port};lr>$`),
  );
  const [top, callers] = delivered.values('via');
  assert.match(top!, /^SIP\/2\.0\/UDP 127\.0\.0\.1:\d+;branch=z9hG4bK[^;]+;rport$/);
  assert.match(callers!, new RegExp(`;received=127.0.0.1;rport=${lab.caller.port}$`));
});

test('sip.hops.decrement: Max-Forwards 70 is added if it is missing', async () => {
  assert.equal((await lab.delivered({ maxForwards: undefined })).maxForwards, 70);
});

test('a route that the caller has made up does not reach the voice platform', async () => {
  const { port } = lab.edge.address;
  for (const own of ['', `<sip:127.0.0.1:${port};lr>, `]) {
    const extra = [`Route: ${own}<sip:next.example;lr>`, 'Route: <sip:third.example;lr>'];
    const delivered = await lab.delivered({ callId: `preloaded${own.length}`, extra });
    assert.deepEqual(delivered.values('route'), []);
  }
});

test('CRLF injection: escapes stay escapes, a bare LF is refused', async () => {
  const delivered = await lab.delivered({ extra: ['Subject: %0d%0aInjected: yes'] });
  assert.equal(delivered.value('injected'), undefined);
  lab.fromCaller(lab.inviteText({ callId: 'lf', extra: ['Subject: a\nInjected: yes'] }));
  await lab.caller.response(400);
});

test('sip.rport: without rport the answer goes to the port of sent-by', async () => {
  const other = await LoopbackAgent.open();
  lab.fromCaller(lab.inviteText({ user: 'nobody', viaParameters: '' }, other));
  const response = await other.response(401);
  assert.doesNotMatch(response.value('via')!, /rport|received/);
  await other.close();
  lab.fromCaller(lab.inviteText({ user: 'nobody', viaParameters: ';received=192.0.2.1;rport=9' }));
  const marked = (await lab.caller.response(401)).value('via')!;
  assert.match(marked, new RegExp(`;received=127.0.0.1;rport=${lab.caller.port}$`));
  assert.doesNotMatch(marked, /192\.0\.2\.1/);
});

test('sip.dialog.in-route: a whole call, requests by the route set both ways', async () => {
  const call = await lab.established();
  lab.fromCaller(lab.inDialogText(call, 'INVITE', { extra: ['X-Vendor: 1', 'Subject: hold'] }));
  const reinvite = await lab.callee.request('INVITE');
  assert.equal(reinvite.value('x-vendor'), undefined);
  assert.equal(reinvite.value('subject'), 'hold');
  assert.equal(reinvite.value('route'), undefined);
  assert.equal(reinvite.uriText, `sip:callee@127.0.0.1:${lab.callee.port}`);
  lab.answer(reinvite, 200);
  await lab.caller.response(200);
  lab.fromCallee(lab.inDialogTextOfCallee(call, 'INFO', ['X-From-Callee: kept']));
  const info = await lab.caller.request('INFO');
  assert.equal(info.value('x-from-callee'), 'kept');
  assert.equal(info.maxForwards, 70);
  lab.caller.send(answerTo(info.text, 200), info.via.port!);
  assert.equal((await lab.callee.response(200)).method, 'INFO');
  lab.fromCallee(lab.inDialogTextOfCallee(call, 'BYE'));
  const bye = await lab.caller.request('BYE');
  lab.caller.send(answerTo(bye.text, 200), bye.via.port!);
  await lab.callee.response(200);
  assert.equal(lab.edge.occupancy().dialogs, 0);
});

function answerTo(request: string, status: number): string {
  return request.replace(/^.*\r\n/, `SIP/2.0 ${status} Answer\r\n`);
}

for (const [what, uri, route] of [
  ['the remote target, by Route', undefined, true],
  ['the application’s SIP URI, by Route', `sip:${URI_USER}@${REALM}`, true],
  ['the application’s SIP URI, without Route', `sip:${APPLICATION}@${REALM}`, false],
] as const) {
  test(`sip.dialog.in-route: a BYE to ${what} reaches the callee`, async () => {
    const call = await lab.established();
    lab.fromCaller(lab.inDialogText(call, 'BYE', { route, ...(uri === undefined ? {} : { uri }) }));
    const bye = await lab.callee.request('BYE');
    if (uri !== undefined) assert.equal(bye.uriText, uri);
    lab.answer(bye, 200);
    await lab.caller.response(200);
    assert.equal(lab.edge.occupancy().dialogs, 0);
  });
}

test('a BYE with another Call-ID, a guessed tag or from another address gets 481, and the call goes on', async () => {
  const call = await lab.established();
  const bye = lab.inDialogText(call, 'BYE');
  const stranger = await LoopbackAgent.open('127.0.0.2');
  for (const text of [
    bye.replace('Call-ID: call', 'Call-ID: other'),
    bye.replace('tag=callee', 'tag=guessed'),
  ]) {
    lab.fromCaller(text.replace(/branch=\w+/, `branch=${lab.newBranch()}`));
    await lab.caller.response(481);
  }
  stranger.send(bye, lab.edge.address.port);
  await stranger.response(481);
  await stranger.close();
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
  assert.equal(lab.edge.occupancy().dialogs, 1);
  lab.fromCaller(bye);
  await lab.callee.request('BYE');
});

test('a request in an early dialog is routed, and the dialog ends with the refusal', async () => {
  const delivered = await lab.delivered();
  lab.answer(delivered, 183, [`Contact: <sip:callee@127.0.0.1:${lab.callee.port}>`]);
  const answer = await lab.caller.response(183);
  assert.equal(lab.edge.occupancy().dialogs, 1);
  lab.fromCaller(lab.inDialogText({ callId: 'call', delivered, answer }, 'PRACK'));
  lab.answer(await lab.callee.request('PRACK'), 200);
  await lab.caller.response(200);
  lab.answer(delivered, 486);
  await lab.callee.request('ACK');
  await lab.caller.response(486);
  assert.equal(lab.edge.occupancy().dialogs, 0);
});

test('a silent dialog is forgotten in the end', async () => {
  await lab.established();
  lab.clock.advance(SILENCE_MS - 1000);
  assert.deepEqual(lab.edge.occupancy(), { transactions: 0, dialogs: 1, timers: 1 });
  lab.clock.advance(2000);
  assert.deepEqual(lab.edge.occupancy(), { transactions: 0, dialogs: 0, timers: 0 });
});

test('sip.loop: an INVITE that comes back unchanged gets 482 before any challenge', async () => {
  lab.requirePassword();
  const challenge = await lab.challenged();
  const delivered = await lab.delivered({ cseq: 2, extra: [lab.authorization(challenge)] });
  for (const via of ['', `Via: SIP/2.0/UDP 127.0.0.1:${lab.callee.port};branch=z9hG4bKback\r\n`]) {
    lab.fromCallee(delivered.text.replace('\r\n', `\r\n${via}`));
    if (via === '') assert.match((await lab.callee.response(482)).value('via')!, /rport=/);
    else await lab.callee.response(482);
  }
});

test('sip.loop: an INVITE that comes back with another Request-URI is a spiral and is forwarded', async () => {
  const delivered = await lab.delivered();
  lab.fromCallee(delivered.text.replace(`INVITE sip:${APPLICATION}@`, `INVITE sip:${URI_USER}@`));
  const again = await lab.callee.request('INVITE');
  assert.equal(again.values('via').length, 3);
});

test('a Via with our address alone is not a loop', async () => {
  const { port } = lab.edge.address;
  await lab.delivered({ extra: [`Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKloop`] });
});
