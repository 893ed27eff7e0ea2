import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TimerWheel } from '../runtime/timer_wheel.ts';
import { ManualClock } from '../testing/manual_clock.ts';
import { RecordingTransport } from '../testing/recording_transport.ts';
import { parseMessage } from './parser.ts';
import type { ServerTransaction } from './server_transaction.ts';
import { TransactionLayer } from './transaction_layer.ts';

const SOURCE = { address: '203.0.113.7', port: 40_000 };
const TIMER_H_MS = 32_000;
const REFUSAL = { status: 407, toTag: 't1', headers: [['Proxy-Authenticate', 'Digest realm="r"']] } as const;

function refuse(transaction: ServerTransaction): void {
  transaction.respond(REFUSAL);
}

const LONG_REFUSAL = { ...REFUSAL, headers: [['Warning', 'x'.repeat(700)]] } as const;

function inviteOf(bodyOctets: number): Buffer {
  return Buffer.from(
    [
      'INVITE sip:a@sip-uri.voice-api.example SIP/2.0',
      'Via: SIP/2.0/UDP 203.0.113.7:40000;branch=z9hG4bKa;rport',
      'From: <sip:caller@customer.example>;tag=f1',
      'To: <sip:a@sip-uri.voice-api.example>',
      'Call-ID: c1',
      'CSeq: 1 INVITE',
      `Content-Length: ${bodyOctets}`,
      '',
      'x'.repeat(bodyOctets),
    ].join('\r\n'),
  );
}

/** A transaction layer whose user does that with each request; `receive` brings the same INVITE. */
function lab(requested: (transaction: ServerTransaction) => void, protocol: 'UDP' | 'TCP' = 'UDP') {
  const transport = new RecordingTransport(protocol);
  const layer = new TransactionLayer(new TimerWheel(new ManualClock()));
  layer.serve({ requested, acknowledged: () => undefined, unacknowledged: () => undefined });
  const invite = parseMessage(inviteOf(100));
  assert.equal(invite.kind, 'request');
  return { transport, receive: () => layer.receiveRequest(invite, SOURCE, transport) };
}

/** The octets of an INVITE of that size, and of each copy of its refusal that goes out without an ACK. */
function refusedWithoutAck(bodyOctets: number): { readonly copies: number[]; readonly invite: number } {
  const clock = new ManualClock();
  const transport = new RecordingTransport();
  const layer = new TransactionLayer(new TimerWheel(clock));
  layer.serve({
    requested: refuse,
    acknowledged: () => assert.fail('no ACK was sent'),
    unacknowledged: () => undefined,
  });
  const packet = inviteOf(bodyOctets);
  const invite = parseMessage(packet);
  assert.equal(invite.kind, 'request');
  layer.receiveRequest(invite, SOURCE, transport);
  clock.advance(TIMER_H_MS + 1000);
  assert.equal(layer.size, 0);
  return { copies: transport.sent.map(({ text }) => text.length), invite: packet.length };
}

test('without an ACK a refusal is repeated while its copies have at most twice the request’s octets (26.3.2.4)', () => {
  for (const bodyOctets of [300, 500, 900, 1100]) {
    const { copies, invite } = refusedWithoutAck(bodyOctets);
    const sum = copies.reduce((octets, each) => octets + each, 0);
    assert.ok(copies.length > 2, `${copies.length} copies for ${invite} octets`);
    assert.ok(sum <= 2 * invite, `${sum} octets for ${invite}`);
    assert.ok(sum + copies[0]! > 2 * invite, 'one more copy was allowed');
  }
});

test('a request too short for twice its octets gets no answer, until it has come often enough', () => {
  const { transport, receive } = lab((transaction) => transaction.respond(LONG_REFUSAL));
  const sent = [1, 2, 3, 4].map(() => {
    receive();
    return transport.sent.splice(0).length;
  });
  assert.deepEqual(sent, [0, 1, 1, 0]);
});

test('once admitted, or over a reliable transport, a client gets every answer', () => {
  const admitted = lab((transaction) => {
    transaction.admit();
    transaction.respond(LONG_REFUSAL);
  });
  const reliable = lab((transaction) => transaction.respond(LONG_REFUSAL), 'TCP');
  for (const { transport, receive } of [admitted, reliable]) {
    receive();
    receive();
    assert.equal(transport.sent.length, 2);
  }
});
