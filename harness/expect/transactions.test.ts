import { describe, test } from 'node:test';

import type { WireMessage } from '../capture/sip_messages.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import { allowsSomething, refusedOnce, repeatedAlike, sourceTold } from './transactions.ts';

const VIA = 'Via: SIP/2.0/UDP 203.0.113.10:10000;branch=z9hG4bK1';
const TOLD = `${VIA};received=203.0.113.10;rport=10000`;

describe('sourceTold', () => {
  test('wants received and rport in every answer, provisional ones too', () => {
    const final = received('SIP/2.0 486 Busy Here', TOLD);
    assertFits(sourceTold({ answers: [received('SIP/2.0 100 Trying', TOLD), final] }));
    for (const via of [VIA, `${VIA};rport=10000`, `${VIA};received=203.0.113.10;rport`])
      assertMisfit(sourceTold({ answers: [received('SIP/2.0 100 Trying', via), final] }), {
        acceptable: 'Via with received=203.0.113.10 and rport=10000',
        actual: via,
        where: 'the 100 in the SIP messages',
      });
  });

  test('wants a final answer', () => {
    assertMisfit(sourceTold({ answers: [received('SIP/2.0 100 Trying', TOLD)] }), {
      acceptable: "a final answer to the packet's source",
      actual: 'none',
    });
  });
});

function refusal(tag: string, nonce: string): WireMessage {
  return received(
    'SIP/2.0 407 Who',
    'CSeq: 1 INVITE',
    `To: <sip:a@b>;tag=${tag}`,
    `Proxy-Authenticate: Digest nonce="${nonce}"`,
  );
}

describe('refusedOnce', () => {
  const acceptable = 'one refusal, or the same again';
  const trying = received('SIP/2.0 100 Trying', 'CSeq: 1 INVITE', 'To: <sip:a@b>');

  test('takes one refusal, and the same again', () => {
    assertFits(refusedOnce({ answers: [trying, refusal('t', 'n')] }));
    assertFits(refusedOnce({ answers: [refusal('t', 'n'), trying, refusal('t', 'n')] }));
  });

  test('says what another one has', () => {
    for (const [tag, nonce] of [
      ['u', 'n'],
      ['t', 'o'],
    ] as const)
      assertMisfit(refusedOnce({ answers: [refusal('t', 'n'), refusal(tag, nonce)] }), {
        acceptable,
        actual: `407 ;tag=t Digest nonce="n", then 407 ;tag=${tag} Digest nonce="${nonce}"`,
      });
  });

  test('wants a refusal', () => {
    assertMisfit(refusedOnce({ answers: [trying] }), { acceptable, actual: 'no final answer' });
    const success = received('SIP/2.0 200 OK', 'CSeq: 1 INVITE', 'To: <sip:a@b>;tag=t');
    assertMisfit(refusedOnce({ answers: [success] }), { acceptable, actual: 'SIP/2.0 200 OK' });
  });
});

test('a 405 allows a method at least', () => {
  assertFits(allowsSomething(received('SIP/2.0 405 No', 'Allow: INVITE, ACK')));
  for (const [answer, actual] of [
    [received('SIP/2.0 405 No'), '405 without a method in Allow'],
    [received('SIP/2.0 405 No', 'Allow:'), '405 without a method in Allow'],
    [received('SIP/2.0 481 No', 'Allow: INVITE'), 'SIP/2.0 481 No'],
  ] as const)
    assertMisfit(allowsSomething(answer), { acceptable: '405, and a method in Allow', actual });
});

describe('repeatedAlike', () => {
  const answer = received('SIP/2.0 200 OK', VIA);
  const repeated = { name: 'BYE', answer, again: received('SIP/2.0 200 OK', VIA), times: 1 };

  test('wants the same answer again, and one delivery where somebody saw', () => {
    assertFits(repeatedAlike(repeated));
    assertFits(repeatedAlike({ ...repeated, times: undefined }));
  });

  test('takes no other answer, none, or a second delivery', () => {
    const acceptable = '"SIP/2.0 200 OK" again, passed on once';
    const where = 'the wire';
    const other = received('SIP/2.0 481 No', VIA);
    assertMisfit(repeatedAlike({ ...repeated, again: other }), {
      acceptable,
      actual: '"SIP/2.0 481 No", passed on 1 times',
      where,
    });
    assertMisfit(repeatedAlike({ ...repeated, again: undefined }), {
      acceptable,
      actual: 'no answer, passed on 1 times',
      where,
    });
    assertMisfit(repeatedAlike({ ...repeated, times: 2 }), {
      acceptable,
      actual: '"SIP/2.0 200 OK", passed on 2 times',
      where,
    });
  });
});
