import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import type { SipRequest } from '../sip/message.ts';
import { SIXTY_FOUR_T1 } from '../sip/transaction_table.ts';
import { LoopbackAgent } from '../testing/loopback_agent.ts';
import { LoopbackEdge } from '../testing/loopback_edge.ts';

let lab: LoopbackEdge;

beforeEach(async () => {
  lab = await LoopbackEdge.start();
  lab.trustSources();
});

afterEach(async () => {
  assert.equal(lab.edge.counters.exceptions, 0);
  await lab.stop();
});

/** Sends an INVITE that is delivered. Returns its text, for requests with the same branch. */
async function calling(): Promise<{ invite: string; delivered: SipRequest }> {
  const invite = lab.inviteText();
  lab.fromCaller(invite);
  return { invite, delivered: await lab.callee.request('INVITE') };
}

/** The CANCEL of an INVITE (RFC 3261 9.1). */
const cancelText = (invite: string): string =>
  invite.replace(/^INVITE/, 'CANCEL').replace('CSeq: 1 INVITE', 'CSeq: 1 CANCEL');

const branchOf = (request: SipRequest): string | undefined => request.via.branch;

test('sip.transaction.retransmit: a repeated INVITE is delivered once and gets the last answer again', async () => {
  const { invite, delivered } = await calling();
  lab.fromCaller(invite);
  lab.answer(delivered, 180);
  await lab.caller.response(180);
  lab.fromCaller(invite);
  await lab.caller.response(180);
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
});

test('sip.transaction.retransmit: a refusal is repeated, the same, until its ACK', async () => {
  const { invite, delivered } = await calling();
  lab.answer(delivered, 486);
  const ack = await lab.callee.request('ACK');
  assert.equal(branchOf(ack), branchOf(delivered));
  const first = await lab.caller.response(486);
  lab.clock.advance(520);
  assert.equal((await lab.caller.response(486)).text, first.text);
  lab.clock.advance(1040);
  assert.equal((await lab.caller.response(486)).text, first.text);
  lab.acknowledge(invite, first);
  await lab.settled();
  lab.clock.advance(20_000);
  await lab.settled();
  assert.deepEqual(lab.caller.unread, []);
  assert.deepEqual(lab.callee.unread, []);
});

test('a challenge is repeated with the same nonce until its ACK', async () => {
  lab.requirePassword();
  lab.fromCaller(lab.inviteText({ body: 'x'.repeat(400) }));
  const first = await lab.caller.response(407);
  lab.clock.advance(520);
  assert.equal((await lab.caller.response(407)).text, first.text);
});

test('an INVITE that the voice platform does not answer is repeated', async () => {
  const { delivered } = await calling();
  lab.clock.advance(520);
  assert.equal((await lab.callee.request('INVITE')).text, delivered.text);
});

test('each repeated 2xx and each ACK passes through', async () => {
  const { invite, delivered } = await calling();
  const contact = [`Contact: <sip:callee@127.0.0.1:${lab.callee.port}>`];
  for (let i = 0; i < 2; i++) {
    lab.answer(delivered, 200, contact);
    const answer = await lab.caller.response(200);
    lab.fromCaller(lab.inDialogText({ callId: 'call', delivered, answer }, 'ACK'));
    const ack = await lab.callee.request('ACK');
    assert.notEqual(branchOf(ack), branchOf(delivered));
    assert.equal(ack.maxForwards, 69);
  }
  lab.fromCaller(invite);
  await lab.settled();
  assert.deepEqual([lab.caller.unread, lab.callee.unread], [[], []]);
});

test('sip.cancel: 200, the callee is cancelled in the INVITE’s branch, its 487 comes back', async () => {
  const { invite, delivered } = await calling();
  lab.answer(delivered, 180);
  await lab.caller.response(180);
  lab.fromCaller(cancelText(invite));
  assert.equal((await lab.caller.response(200)).method, 'CANCEL');
  const cancel = await lab.callee.request('CANCEL');
  assert.deepEqual(
    [cancel.uriText, branchOf(cancel), cancel.cseq, cancel.values('via').length],
    [delivered.uriText, branchOf(delivered), delivered.cseq, 1],
  );
  lab.answer(cancel, 200);
  lab.answer(delivered, 487);
  await lab.callee.request('ACK');
  const terminated = await lab.caller.response(487);
  assert.equal(terminated.method, 'INVITE');
  lab.acknowledge(invite, terminated);
  await lab.settled();
  lab.clock.advance(40_000);
  assert.deepEqual(lab.edge.occupancy(), { transactions: 0, dialogs: 0, timers: 0 });
});

test('a CANCEL waits for the first response of the voice platform (RFC 3261 9.1)', async () => {
  const { invite, delivered } = await calling();
  lab.fromCaller(cancelText(invite));
  await lab.caller.response(200);
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
  lab.answer(delivered, 100);
  await lab.callee.request('CANCEL');
});

test('a callee that ignores the CANCEL leaves the caller with 487 after 64·T1', async () => {
  const { invite, delivered } = await calling();
  lab.answer(delivered, 180);
  await lab.caller.response(180);
  lab.fromCaller(cancelText(invite));
  await lab.caller.response(200);
  const cancel = await lab.callee.request('CANCEL');
  lab.answer(cancel, 200);
  await lab.settled();
  lab.clock.advance(32_100);
  await lab.caller.response(487);
});

test('a CANCEL without an INVITE gets 481; one from another address cancels nothing', async () => {
  const { invite, delivered } = await calling();
  lab.answer(delivered, 180);
  await lab.caller.response(180);
  const stranger = await LoopbackAgent.open('127.0.0.2');
  stranger.send(cancelText(invite), lab.edge.address.port);
  await stranger.response(481);
  await stranger.close();
  lab.fromCaller(cancelText(invite).replace(/branch=\w+/, 'branch=z9hG4bKnothing'));
  await lab.caller.response(481);
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
});

test('a CANCEL that crosses a 2xx gets 200 and changes nothing', async () => {
  const { invite, delivered } = await calling();
  lab.answer(delivered, 200);
  await lab.caller.response(200);
  lab.fromCaller(cancelText(invite));
  assert.equal((await lab.caller.response(200)).method, 'CANCEL');
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
});

test('a voice platform that never answers: 408 after timer B', async () => {
  const { invite } = await calling();
  lab.clock.advance(32_100);
  const timeout = await lab.caller.response(100);
  await lab.caller.response(408);
  lab.acknowledge(invite, timeout);
});

test('a callee that rings for ever: timer C cancels, then 408 (RFC 3261 16.8)', async () => {
  const { delivered } = await calling();
  lab.answer(delivered, 180);
  await lab.caller.response(180);
  lab.clock.advance(100_000);
  lab.answer(delivered, 180);
  await lab.caller.response(180);
  lab.clock.advance(100_000);
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
  // In two steps: otherwise the CANCEL is repeated before it can be answered.
  lab.clock.advance(80_900);
  lab.clock.advance(200);
  lab.answer(await lab.callee.request('CANCEL'), 200);
  await lab.settled();
  lab.clock.advance(32_100);
  await lab.caller.response(408);
});

test('a request other than INVITE that nobody answers never gets 408 (RFC 4320)', async () => {
  const call = await lab.established();
  lab.fromCaller(lab.inDialogText(call, 'BYE'));
  await lab.callee.request('BYE');
  lab.clock.advance(32_100);
  // RFC 4320 4.1: by then no client repeats its request any more often.
  assert.equal((await lab.caller.response(100)).method, 'BYE');
  lab.fromCaller(lab.requestText('OPTIONS'));
  assert.equal((await lab.caller.response(200)).method, 'OPTIONS');
  assert.equal(lab.edge.occupancy().dialogs, 0);
});

test('a voice platform whose port is closed: 503 at once, by ICMP', async () => {
  await lab.callee.close();
  const invite = lab.inviteText();
  lab.fromCaller(invite);
  const unavailable = await lab.caller.response(503);
  lab.acknowledge(invite, unavailable);
});

test('a response without a transaction is not forwarded', async () => {
  const delivered = await lab.delivered();
  lab.callee.send(
    `SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:${lab.caller.port};branch=z9hG4bKstray\r\n` +
      'From: <sip:a@x.example>;tag=1\r\nTo: <sip:b@x.example>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n',
    delivered.via.port ?? 0,
  );
  await lab.settled();
  assert.deepEqual(lab.caller.unread, []);
  assert.ok(lab.edge.counters.dropped > 0);
});

test('sip.transaction.trying: a 100 goes out when it is due, unless another answer came first', async () => {
  const slow = await lab.delivered({ callId: 'slow' });
  lab.clock.advance(200);
  await lab.caller.response(100);
  lab.answer(slow, 180);
  await lab.caller.response(180);
  const soon = await lab.delivered({ callId: 'soon' });
  lab.answer(soon, 180);
  await lab.caller.response(180);
  lab.clock.advance(300);
  await lab.settled();
  assert.deepEqual(lab.caller.unread, []);
});

test('a look-up that fails is answered with 500, and leaves nothing behind', async () => {
  const broken = await LoopbackEdge.start({
    directory: {
      find() {
        throw new Error('the store is closed');
      },
    },
  });
  broken.fromCaller(broken.inviteText());
  await broken.caller.response(500);
  assert.equal(broken.edge.counters.exceptions, 1);
  broken.clock.advance(SIXTY_FOUR_T1 + 1000);
  assert.deepEqual(broken.edge.occupancy(), { transactions: 0, dialogs: 0, timers: 0 });
  await broken.stop();
});
