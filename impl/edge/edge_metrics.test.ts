import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { LoopbackEdge, NONCE_LIFETIME_MS } from '../testing/loopback_edge.ts';
import { EDGE_METRICS } from './edge_metrics.ts';

let lab: LoopbackEdge;
beforeEach(async () => {
  lab = await LoopbackEdge.start();
});
afterEach(() => lab.stop());

/** The value of a figure; 0 if it is missing. */
function figure(name: string, labels: Record<string, string> = {}): number {
  const wanted = JSON.stringify(labels);
  return lab.edge.samples().find((s) => s.name === name && JSON.stringify(s.labels) === wanted)?.value ?? 0;
}

test('every sample belongs to a metric and has its labels, and none is listed twice', () => {
  const samples = lab.edge.samples();
  const keys = samples.map(({ name, labels }) => JSON.stringify([name, labels]));
  assert.equal(new Set(keys).size, keys.length);
  for (const { name, labels, value } of samples) {
    assert.deepEqual(Object.keys(labels), EDGE_METRICS[name]?.labels, name);
    assert.ok(Number.isFinite(value) && value >= 0, name);
  }
});

test('a call that is challenged, then answered, busy or refused, counts once', async () => {
  const challenge = await lab.challenged({ callId: 'busy' });
  assert.equal(figure('voice_edge_challenges_total', { stale: 'false' }), 1);
  const invite = lab.inviteText({ callId: 'busy', cseq: 2, extra: [lab.authorization(challenge)] });
  lab.fromCaller(invite);
  const delivered = await lab.callee.request('INVITE');
  assert.ok(figure('voice_edge_transactions') > 0);
  const busy = { outcome: 'delivered', code: '486', reason: 'digest-right' };
  assert.equal(figure('voice_edge_calls_total', busy), 0);
  lab.answer(delivered, 486);
  lab.acknowledge(invite, await lab.caller.response(486));
  await lab.callee.request('ACK');
  assert.equal(figure('voice_edge_calls_total', busy), 1);

  const again = await lab.challenged({ callId: 'wrong' });
  const extra = [lab.authorization(again, { password: 'nobody knows' })];
  const wrong = lab.inviteText({ callId: 'wrong', cseq: 2, extra });
  lab.fromCaller(wrong);
  lab.acknowledge(wrong, await lab.caller.response(401));
  const refused = { outcome: 'refused', code: '401', reason: 'digest-wrong' };
  assert.equal(figure('voice_edge_calls_total', refused), 1);
  assert.equal(figure('voice_edge_challenges_total', { stale: 'false' }), 2);
  assert.equal(figure('voice_edge_requests_total', { method: 'INVITE' }), 4);
});

test('an expired nonce gets a stale challenge', async () => {
  const challenge = await lab.challenged({ callId: 'stale' });
  lab.clock.advance(2 * NONCE_LIFETIME_MS);
  const invite = lab.inviteText({ callId: 'stale', cseq: 2, extra: [lab.authorization(challenge)] });
  lab.fromCaller(invite);
  lab.acknowledge(invite, await lab.caller.response(407));
  assert.equal(figure('voice_edge_challenges_total', { stale: 'true' }), 1);
});

test('a retransmission counts as no request, a re-INVITE as no call; a dialog counts while it lasts', async () => {
  const call = await lab.established('lasting');
  const answered = { outcome: 'delivered', code: '200', reason: 'source-trusted' };
  assert.equal(figure('voice_edge_calls_total', answered), 1);
  assert.equal(figure('voice_edge_dialogs'), 1);
  const again = lab.inDialogText(call, 'INVITE');
  lab.fromCaller(again);
  lab.fromCaller(again);
  lab.answer(await lab.callee.request('INVITE'), 488);
  await lab.caller.response(488);
  await lab.callee.request('ACK');
  assert.equal(figure('voice_edge_requests_total', { method: 'INVITE' }), 2);
  assert.equal(lab.edge.samples().filter(({ name }) => name === 'voice_edge_calls_total').length, 1);
  assert.equal(figure('voice_edge_calls_total', answered), 1);
  lab.fromCaller(lab.inDialogText(call, 'BYE'));
  lab.answer(await lab.callee.request('BYE'), 200);
  await lab.caller.response(200);
  assert.equal(figure('voice_edge_dialogs'), 0);
});

test('a call that nobody answers counts with the 408 that its caller gets', async () => {
  lab.trustSources();
  await lab.delivered();
  lab.clock.advance(40_000);
  await lab.caller.response(100);
  await lab.caller.response(408);
  const silent = { outcome: 'delivered', code: '408', reason: 'source-trusted' };
  assert.equal(figure('voice_edge_calls_total', silent), 1);
});

test('a call that comes while the edge stops counts as refused for stopping', async () => {
  await lab.established();
  const stopping = lab.edge.stop();
  const invite = lab.inviteText({ callId: 'late' });
  lab.fromCaller(invite);
  await lab.caller.response(503);
  const refused = { outcome: 'refused', code: '503', reason: 'stopping' };
  assert.equal(figure('voice_edge_calls_total', refused), 1);
  lab.clock.advance(60_000);
  await stopping;
});

test('packets that are not SIP count as dropped, and made-up methods all count as one', async () => {
  lab.fromCaller('no SIP at all');
  for (const method of ['AAAA', 'BBBB', 'CCCC']) {
    lab.fromCaller(lab.requestText(method));
    await lab.caller.response(405);
  }
  assert.equal(figure('voice_edge_dropped_total'), 1);
  assert.equal(figure('voice_edge_requests_total', { method: 'other' }), 3);
});
