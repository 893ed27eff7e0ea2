import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { LoopbackAgent } from '../testing/loopback_agent.ts';
import { LoopbackEdge, REALM, URI_USER, type Established } from '../testing/loopback_edge.ts';
import { SILENCE_MS } from './dialog.ts';

let lab: LoopbackEdge;

beforeEach(async () => {
  lab = await LoopbackEdge.start();
});

afterEach(async () => {
  assert.equal(lab.edge.counters.exceptions, 0);
  await lab.stop();
});

async function callOverRestart(): Promise<Established> {
  const call = await lab.established();
  await lab.restart();
  assert.equal(lab.edge.occupancy().dialogs, 0);
  return call;
}

test('each side sees its own route, and not the other’s', async () => {
  const call = await lab.established();
  const routes = [call.delivered.value('record-route'), call.answer.value('record-route')];
  for (const route of routes) assert.match(route!, /^<sip:[\w-]{40}@127\.0\.0\.1:\d+;lr>$/);
  assert.notEqual(routes[0], routes[1]);
});

test('after a restart the route alone leads the caller’s re-INVITE, ACK and BYE to the callee', async () => {
  const call = await callOverRestart();
  lab.fromCaller(lab.inDialogText(call, 'INVITE', { extra: ['X-Vendor: 1'] }));
  const reinvite = await lab.callee.request('INVITE');
  assert.equal(reinvite.value('x-vendor'), undefined);
  assert.equal(reinvite.value('route'), undefined);
  lab.answer(reinvite, 200);
  await lab.caller.response(200);
  lab.fromCaller(lab.inDialogText(call, 'ACK'));
  await lab.callee.request('ACK');
  lab.fromCaller(lab.inDialogText(call, 'BYE', { uri: `sip:${URI_USER}@${REALM}` }));
  lab.answer(await lab.callee.request('BYE'), 200);
  await lab.caller.response(200);
});

test('after a restart the route alone leads the callee’s BYE to the caller', async () => {
  const call = await callOverRestart();
  lab.fromCallee(lab.inDialogTextOfCallee(call, 'BYE'));
  const bye = await lab.caller.request('BYE');
  assert.equal(bye.value('route'), undefined);
  lab.caller.send(bye.text.replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n'), bye.via.port!);
  await lab.callee.response(200);
});

test('after a restart a request without the route belongs to no dialog', async () => {
  const call = await callOverRestart();
  lab.fromCaller(lab.inDialogText(call, 'BYE', { route: false }));
  await lab.caller.response(481);
});

test('the route admits only its holder, from the same address, in its own dialog', async () => {
  const call = await callOverRestart();
  const bye = lab.inDialogText(call, 'BYE');
  const calleesRoute = call.delivered.value('record-route')!;
  const forged = calleesRoute.replace(/sip:.../, 'sip:AAA');
  for (const text of [
    bye.replace('tag=callee', 'tag=guessed'),
    bye.replace('tag=caller', 'tag=other'),
    bye.replace('Call-ID: call', 'Call-ID: other'),
    bye.replace(call.answer.value('record-route')!, calleesRoute),
    bye.replace(call.answer.value('record-route')!, forged),
  ]) {
    lab.fromCaller(text.replace(/branch=\w+/, `branch=${lab.newBranch()}`));
    await lab.caller.response(481);
  }
  await using stranger = await LoopbackAgent.open('127.0.0.2');
  for (const text of [bye, lab.inDialogTextOfCallee(call, 'BYE')]) {
    stranger.send(text.replace(/(branch=\w+)(;rport)?/, '$1;rport'), lab.edge.address.port);
    await stranger.response(481);
  }
  await lab.settled();
  assert.deepEqual([lab.callee.unread, lab.caller.unread], [[], []]);
  lab.fromCaller(bye);
  await lab.callee.request('BYE');
});

test('sip.dialog.auth: neither an invented To tag nor a foreign dialog’s route spares an INVITE its credentials', async () => {
  const call = await lab.established();
  lab.requirePassword();
  const route = `Route: ${call.answer.value('record-route')}`;
  for (const shape of [
    { toTag: 'invented' },
    { toTag: 'invented', extra: [route] },
    { toTag: 'callee', callId: 'other', extra: [route] },
  ]) {
    lab.fromCaller(lab.inviteText(shape));
    await lab.caller.response(481);
  }
  const invite = lab.inviteText({ callId: 'new', extra: [route] });
  lab.fromCaller(invite);
  lab.acknowledge(invite, await lab.caller.response(407));
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
});

for (const restarts of [false, true]) {
  test(`target refresh${restarts ? ' after a restart' : ''}: requests follow the new Contact’s port`, async () => {
    const call = restarts ? await callOverRestart() : await lab.established();
    await using moved = await LoopbackAgent.open();
    const reinvite = lab
      .inDialogText(call, 'INVITE')
      .replace(/Contact: .*\r\n/, `Contact: <sip:caller@127.0.0.1:${moved.port}>\r\n`);
    lab.fromCaller(reinvite);
    lab.answer(await lab.callee.request('INVITE'), 200);
    await lab.caller.response(200);
    const info = lab
      .inDialogTextOfCallee(call, 'INFO')
      .replace(/^INFO \S+/, `INFO sip:caller@127.0.0.1:${moved.port}`);
    lab.fromCallee(info);
    await moved.request('INFO');
  });
}

test('a Request-URI with another address does not divert requests to the callee or the caller', async () => {
  const call = await callOverRestart();
  lab.fromCaller(lab.inDialogText(call, 'INFO', { uri: 'sip:victim@127.0.0.9:5060' }));
  lab.answer(await lab.callee.request('INFO'), 200);
  await lab.caller.response(200);
  lab.fromCallee(lab.inDialogTextOfCallee(call, 'INFO').replace(/^INFO \S+/, 'INFO sip:victim@127.0.0.9'));
  await lab.caller.request('INFO');
});

test('RFC 3261 16.4: the changes of a strict router before this edge are undone', async () => {
  for (const restarts of [false, true]) {
    const call = restarts ? await callOverRestart() : await lab.established('strict');
    const target = call.answer.contact!.uriText;
    const own = call.answer.value('record-route')!.slice(1, -1);
    const extra = [`Route: <sip:on.example;lr>, <${target}>`];
    lab.fromCaller(lab.inDialogText(call, 'INFO', { uri: own, route: false, extra }));
    const received = await lab.callee.request('INFO');
    assert.equal(received.uriText, target);
    assert.deepEqual(received.values('route'), ['<sip:on.example;lr>']);
    lab.answer(received, 200);
    await lab.caller.response(200);
  }
});

/** The methods that no call needs to go on. */
const OTHER_METHODS = ['MESSAGE', 'REFER', 'SUBSCRIBE', 'OPTIONS', 'INVENTED'];

async function ended(): Promise<Established> {
  const call = await lab.established();
  lab.fromCaller(lab.inDialogText(call, 'BYE'));
  lab.answer(await lab.callee.request('BYE'), 200);
  await lab.caller.response(200);
  return call;
}

async function assertClosed(call: Established): Promise<void> {
  await using elsewhere = await LoopbackAgent.open();
  for (const method of ['INVITE', 'BYE', 'INFO', 'UPDATE', ...OTHER_METHODS]) {
    for (const uri of [undefined, `sip:victim@127.0.0.1:${elsewhere.port}`]) {
      const text = lab.inDialogText(call, method, uri === undefined ? {} : { uri });
      lab.fromCaller(text);
      const refusal = await lab.caller.response(481);
      if (method === 'INVITE') lab.acknowledge(text, refusal);
    }
  }
  lab.fromCaller(lab.inDialogText(call, 'ACK'));
  lab.fromCallee(lab.inDialogTextOfCallee(call, 'INFO').replace(/(branch=\w+)/, '$1;rport'));
  await lab.callee.response(481);
  await lab.settled();
  assert.deepEqual([lab.callee.unread, lab.caller.unread, elsewhere.unread], [[], [], []]);
}

describe('a dialog that has ended', () => {
  test('its route opens nothing, also when the end is long past', async () => {
    const call = await ended();
    await assertClosed(call);
    lab.clock.advance(100_000);
    await assertClosed(call);
  });

  test('a repeated 2xx does not revive it', async () => {
    const call = await ended();
    lab.answer(call.delivered, 200, [`Contact: <sip:callee@127.0.0.1:${lab.callee.port}>`]);
    await lab.caller.response(200);
    assert.equal(lab.edge.occupancy().dialogs, 0);
    lab.fromCaller(lab.inDialogText(call, 'INVITE', { route: false }));
    await lab.caller.response(481);
    await assertClosed(call);
  });

  test('ended after a restart, by its route alone, it stays ended', async () => {
    const call = await callOverRestart();
    lab.fromCaller(lab.inDialogText(call, 'BYE'));
    lab.answer(await lab.callee.request('BYE'), 200);
    await lab.caller.response(200);
    await assertClosed(call);
  });
});

test('by its route alone a dialog goes on as long as a token lives, with what a call needs', async () => {
  const call = await callOverRestart();
  for (const method of OTHER_METHODS) {
    lab.fromCaller(lab.inDialogText(call, method));
    await lab.caller.response(481);
  }
  await using elsewhere = await LoopbackAgent.open();
  for (const method of ['INFO', 'UPDATE', 'PRACK']) {
    lab.fromCaller(lab.inDialogText(call, method, { uri: `sip:victim@127.0.0.1:${elsewhere.port}` }));
    lab.answer(await lab.callee.request(method), 200);
    await lab.caller.response(200);
  }
  assert.deepEqual(elsewhere.unread, []);
  lab.clock.advance(SILENCE_MS + 1000);
  for (const method of ['INFO', 'BYE', 'INVITE']) {
    lab.fromCaller(lab.inDialogText(call, method));
    await lab.caller.response(481);
  }
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
});

test('a BYE that is challenged or refused leaves the dialog as it was; one that fails ends it', async () => {
  for (const [status, isLeft] of [
    [407, true],
    [401, true],
    [400, true],
    [481, false],
    [500, false],
  ] as const) {
    const call = await lab.established(`bye-${status}`);
    lab.fromCaller(lab.inDialogText(call, 'BYE'));
    lab.answer(await lab.callee.request('BYE'), status);
    await lab.caller.response(status);
    assert.equal(lab.edge.occupancy().dialogs, isLeft ? 1 : 0, String(status));
    if (!isLeft) continue;
    lab.fromCaller(lab.inDialogText(call, 'BYE', { route: false }).replace('CSeq: 2', 'CSeq: 3'));
    lab.answer(await lab.callee.request('BYE'), 200);
    await lab.caller.response(200);
  }
});

test('RFC 3261 12.2.1.2: the answer to a re-INVITE moves the other end too', async () => {
  const call = await lab.established();
  await using movedCallee = await LoopbackAgent.open();
  await using movedCaller = await LoopbackAgent.open();
  lab.fromCaller(lab.inDialogText(call, 'INVITE'));
  lab.answer(await lab.callee.request('INVITE'), 200, [
    `Contact: <sip:callee@127.0.0.1:${movedCallee.port}>`,
  ]);
  await lab.caller.response(200);
  lab.fromCaller(lab.inDialogText(call, 'INFO', { route: false }));
  const info = await movedCallee.request('INFO');
  movedCallee.send(info.text.replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n'), info.via.port!);
  await lab.caller.response(200);

  lab.fromCallee(
    lab.inDialogTextOfCallee(call, 'INVITE', [`Contact: <sip:callee@127.0.0.1:${lab.callee.port}>`]),
  );
  const reinvite = await lab.caller.request('INVITE');
  const contact = `Contact: <sip:caller@127.0.0.1:${movedCaller.port}>\r\nContent-Length`;
  const ok = reinvite.text.replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n').replace(/Contact: .*\r\n/, '');
  lab.caller.send(ok.replace('Content-Length', contact), reinvite.via.port!);
  await lab.callee.response(200);
  lab.fromCallee(lab.inDialogTextOfCallee(call, 'INFO'));
  await movedCaller.request('INFO');
});

test('a re-INVITE renews both tokens, and a restart finds the moved ends by them', async () => {
  const call = await lab.established();
  lab.clock.advance(5000);
  lab.fromCaller(lab.inDialogText(call, 'INVITE'));
  const reinvite = await lab.callee.request('INVITE');
  assert.notEqual(reinvite.value('record-route'), call.delivered.value('record-route'));
  await using moved = await LoopbackAgent.open();
  lab.answer(reinvite, 200, [`Contact: <sip:callee@127.0.0.1:${moved.port}>`]);
  const answer = await lab.caller.response(200);
  await lab.restart();
  lab.fromCaller(lab.inDialogText({ ...call, answer }, 'BYE'));
  await moved.request('BYE');
  lab.fromCaller(lab.inDialogText(call, 'BYE'));
  await lab.callee.request('BYE');
});

test('sip.disabled.established: a call goes on when its application is disabled, and nothing new begins', async () => {
  const call = await lab.established();
  lab.settings = { ...lab.settings, inboundSipCallsEnabled: false };
  for (const method of ['INFO', 'INVITE', 'BYE']) {
    lab.fromCaller(lab.inDialogText(call, method));
    lab.answer(await lab.callee.request(method), 200);
    await lab.caller.response(200);
  }
  lab.fromCaller(lab.inviteText({ callId: 'new' }));
  await lab.caller.response(401);
});

test('a Record-Route that the callee returns with other parameters is still the edge’s own', async () => {
  lab.trustSources();
  const delivered = await lab.delivered();
  const changed = delivered.text.replace(/(Record-Route: <[^;]*);lr>/, '$1;transport=invalid;lr=on>');
  lab.callee.send(
    changed
      .replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n')
      .replace(/(To: .*)\r\n/, '$1;tag=callee\r\n')
      .replace(/Contact: .*/, `Contact: <sip:callee@127.0.0.1:${lab.callee.port}>`),
    delivered.via.port!,
  );
  const answer = await lab.caller.response(200);
  assert.match(answer.value('record-route')!, /^<sip:[\w-]{40}@127\.0\.0\.1:\d+;lr>$/);
  lab.fromCaller(lab.inDialogText({ callId: 'call', delivered, answer }, 'BYE'));
  await lab.callee.request('BYE');
});
