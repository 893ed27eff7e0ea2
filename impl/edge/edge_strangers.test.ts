import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import type { SipResponse } from '../sip/message.ts';
import { LoopbackAgent } from '../testing/loopback_agent.ts';
import { LoopbackEdge } from '../testing/loopback_edge.ts';

/** Room for some ten requests of one prefix, and forty in all. */
const STRANGERS_OCTETS = 100_000;

let lab: LoopbackEdge;

beforeEach(async () => {
  lab = await LoopbackEdge.start({ memory: { calls: 1 << 20, strangers: STRANGERS_OCTETS } });
});

afterEach(async () => {
  assert.equal(lab.edge.counters.exceptions, 0);
  await lab.stop();
});

/** Sends requests that hold memory until their answers may be forgotten, and takes the answers. */
async function flood(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    lab.fromCaller(lab.requestText('OPTIONS', [`Subject: ${'x'.repeat(10_000)}`]));
    await lab.caller.response(200);
  }
}

describe('beyond what strangers may hold', () => {
  test('their requests are answered, and forgotten', async () => {
    await flood(200);
    assert.ok(lab.edge.occupancy().transactions <= 40, String(lab.edge.occupancy().transactions));
    lab.clock.advance(33_000);
    assert.equal(lab.edge.occupancy().transactions, 0);
  });

  test('a repeated request gets the same To tag, and an ACK nothing', async () => {
    lab.requirePassword();
    await flood(60);
    const invite = lab.inviteText({ body: 'x'.repeat(1000) });
    const answers: SipResponse[] = [];
    for (let i = 0; i < 2; i++) {
      lab.fromCaller(invite);
      answers.push(await lab.caller.response(407));
    }
    assert.equal(answers[0]!.to.tag, answers[1]!.to.tag);
    lab.acknowledge(invite, answers[0]!);
    lab.clock.advance(33_000);
    await lab.settled();
    assert.deepEqual([lab.caller.unread, lab.callee.unread], [[], []]);
  });

  test('a customer of the same prefix calls as ever, and a stranger of another is remembered', async () => {
    lab.requirePassword();
    await flood(60);
    const challenge = await lab.challenged();
    const delivered = await lab.delivered({ cseq: 2, extra: [lab.authorization(challenge)] });
    lab.answer(delivered, 486);
    await lab.caller.response(486);
    await using other = await LoopbackAgent.open('127.1.0.1');
    const { transactions } = lab.edge.occupancy();
    other.send(lab.inviteText({ callId: 'other' }, other), lab.edge.address.port);
    await other.response(407);
    assert.equal(lab.edge.occupancy().transactions, transactions + 1);
  });
});

test('before admission at most twice the octets of a request are sent, in whatever form it comes', async () => {
  await using stranger = await LoopbackAgent.open();
  const via = `v:SIP/2.0/UDP 127.0.0.1:${stranger.port};branch=z9hG4bK1;rport`;
  const minimal = ['INVITE sip:a SIP/2.0', via, 'f:sip:a;tag=1', 't:sip:a', 'i:1', 'CSeq:1 INVITE', '', ''];
  const requests = {
    'a long INVITE': lab.inviteText({ body: 'x'.repeat(2000) }, stranger),
    'an INVITE': lab.inviteText({ callId: 'usual' }, stranger),
    'a minimal INVITE': minimal.join('\r\n'),
    'a minimal OPTIONS': minimal.join('\r\n').replaceAll('INVITE', 'OPTIONS'),
    'a BYE': minimal.join('\r\n').replaceAll('INVITE', 'BYE'),
    'a malformed line': `X\r\n${via}\r\n\r\n`,
    'no end of header fields': `INVITE sip:a SIP/2.0\r\n${via}\r\n`,
  };
  for (const [name, text] of Object.entries(requests)) {
    stranger.send(text, lab.edge.address.port);
    await lab.settled();
    lab.clock.advance(33_000);
    await lab.settled();
    const sent = stranger.takeOctets();
    assert.ok(sent <= 2 * text.length, `${name}: ${sent} octets for ${text.length}`);
  }
});
