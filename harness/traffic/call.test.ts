import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { builtCall, received, sent } from '../testing/built_call.ts';
import { headersSent, invitesOf, transactionsOf } from './call.ts';

const INVITE = 'INVITE sip:app@service.example SIP/2.0';
const via = (branch: string): string => `Via: SIP/2.0/UDP 203.0.113.10:10000;branch=${branch};rport`;
const BYE = 'BYE sip:app@service.example SIP/2.0';

describe('transactionsOf', () => {
  test('merges retransmitted requests, and keeps retransmitted responses', () => {
    const call = builtCall([
      sent(INVITE, 'CSeq: 1 INVITE'),
      sent(INVITE, 'CSeq: 1 INVITE'),
      received('SIP/2.0 100 Trying', 'CSeq: 1 INVITE'),
      received('SIP/2.0 200 OK', 'CSeq: 1 INVITE'),
      received('SIP/2.0 200 OK', 'CSeq: 1 INVITE'),
    ]);
    const [only, ...others] = transactionsOf(call);
    assert.deepEqual(others, []);
    assert.equal(only?.request, call.messages[0]);
    assert.deepEqual(
      only?.responses.map(({ status }) => status),
      [100, 200, 200],
    );
    assert.equal(only?.final, call.messages[3]);
  });

  const asked = [sent(INVITE, 'CSeq: 1 INVITE', via('z9hG4bKone'))];

  test('recognizes an answer by its branch, however that is written', () => {
    for (const line of [
      'v :SIP / 2.0 / UDP 203.0.113.10:10000 ; rport ; Branch = z9hG4bKone',
      'VIA: SIP/2.0/UDP 203.0.113.10:10000\r\n\t;branch=z9hG4bKone, SIP/2.0/UDP b;branch=z9hG4bKtwo',
    ]) {
      const call = builtCall([...asked, received('SIP/2.0 200 OK', 'CSeq: 1   INVITE', line)]);
      assert.equal(transactionsOf(call)[0]?.final?.status, 200, line);
    }
  });

  test('accepts no answer that a client must not accept, and says why', () => {
    const strays = [
      [
        [via('z9hG4bKtwo'), 'CSeq: 1 INVITE'],
        'its topmost Via has the branch z9hG4bKtwo, but the request has z9hG4bKone (RFC 3261 section 17.1.3)',
      ],
      [
        [via('z9hG4bKone'), 'CSeq: 2 INVITE'],
        'its CSeq is 2 INVITE, but the request has 1 INVITE (RFC 3261 section 8.2.6.2)',
      ],
      [
        [via('z9hG4bKone'), 'CSeq: 1 INVITE', 'Content-Length: 9'],
        'its Content-Length is 9, but 0 octets of body came (RFC 3261 section 18.3)',
      ],
    ] as const;
    for (const [headers, reason] of strays) {
      const response = received('SIP/2.0 200 OK', ...headers);
      const [only] = transactionsOf(builtCall([...asked, response]));
      assert.deepEqual([only?.final, only?.responses], [undefined, []]);
      assert.deepEqual(only?.strays, [{ response, reason }]);
    }
  });

  test('takes the first final answer, whatever provisional one comes late', () => {
    const call = builtCall([
      sent(INVITE, 'CSeq: 1 INVITE'),
      received('SIP/2.0 200 OK', 'CSeq: 1 INVITE'),
      received('SIP/2.0 180 Ringing', 'CSeq: 1 INVITE'),
    ]);
    assert.equal(transactionsOf(call)[0]?.final?.status, 200);
  });

  test('has no final answer where only provisional ones came', () => {
    const call = builtCall([
      sent(INVITE, 'CSeq: 1 INVITE'),
      received('SIP/2.0 180 Ringing', 'CSeq: 1 INVITE'),
    ]);
    assert.equal(transactionsOf(call)[0]?.final, undefined);
  });

  test('keeps INVITE, CANCEL and BYE apart, and leaves ACK out', () => {
    const call = builtCall([
      sent(INVITE, 'CSeq: 1 INVITE'),
      sent('CANCEL sip:app@service.example SIP/2.0', 'CSeq: 1 CANCEL'),
      received('SIP/2.0 200 OK', 'CSeq: 1 CANCEL'),
      received('SIP/2.0 487 Request Terminated', 'CSeq: 1 INVITE'),
      sent('ACK sip:app@service.example SIP/2.0', 'CSeq: 1 ACK'),
      sent(BYE, 'CSeq: 2 BYE'),
    ]);
    assert.deepEqual(
      transactionsOf(call).map(({ request, final }) => [request.method, final?.status]),
      [
        ['INVITE', 487],
        ['CANCEL', 200],
        ['BYE', undefined],
      ],
    );
    assert.equal(invitesOf(call).length, 1);
  });

  test('keeps calls apart that count from the same CSeq', () => {
    const call = builtCall([
      sent('OPTIONS sip:service.example SIP/2.0', 'CSeq: 1 OPTIONS', 'Call-ID: a'),
      received('SIP/2.0 200 Keepalive', 'CSeq: 1 OPTIONS', 'i: a'),
      sent('OPTIONS sip:service.example SIP/2.0', 'CSeq: 1 OPTIONS', 'Call-ID: b'),
      received('SIP/2.0 503 Service Unavailable', 'CSeq: 1 OPTIONS', 'Call-ID: b'),
    ]);
    assert.deepEqual(
      transactionsOf(call).map(({ final }) => final?.status),
      [200, 503],
    );
  });

  test("leaves the other side's requests out, and our answers to them", () => {
    const call = builtCall([
      sent(INVITE, 'CSeq: 1 INVITE'),
      received('SIP/2.0 200 OK', 'CSeq: 1 INVITE'),
      received('BYE sip:caller@203.0.113.10 SIP/2.0', 'CSeq: 1 BYE'),
      sent('SIP/2.0 200 OK', 'CSeq: 1 BYE'),
      received('INVITE sip:caller@203.0.113.10 SIP/2.0', 'CSeq: 1 INVITE'),
      sent('SIP/2.0 488 Not Acceptable Here', 'CSeq: 1 INVITE'),
    ]);
    assert.deepEqual(
      transactionsOf(call).map(({ request, responses }) => [request.method, responses.length]),
      [['INVITE', 1]],
    );
  });
});

describe('headersSent', () => {
  test("has every name of the caller's requests as it was written, and none of the answers'", () => {
    const call = builtCall([
      sent(INVITE, 'CSeq: 1 INVITE', 'x-lower: a', 'X-Blank : b', 'v: SIP/2.0/UDP a'),
      received('SIP/2.0 100 Trying', 'CSeq: 1 INVITE', 'Server: x'),
    ]);
    assert.deepEqual([...headersSent(call)].toSorted(), ['CSeq', 'Call-ID', 'X-Blank', 'v', 'x-lower']);
  });
});
