import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { refusedAlike } from './refusals_alike.ts';

const CHALLENGE = 'WWW-Authenticate: Digest realm="r", nonce="NONCE", opaque="OPAQUE"';
let number = 0;

/** A refusal with these headers; NONCE and OPAQUE are new each time. */
function refused(...headers: readonly string[]): Attempt {
  number += 1;
  const lines = headers.map((line) => line.replace('NONCE', `n${number}`).replace('OPAQUE', `o${number}`));
  const callId = `call-${number}`;
  const answer = received('SIP/2.0 401 Unauthorized', `Call-ID: ${callId}`, 'CSeq: 1 INVITE', ...lines);
  return {
    name: callId,
    sent: '',
    callIds: [callId],
    answers: [answer],
    delivered: [],
    passedOn: [],
    afterwards: undefined,
  };
}

const times = (count: number, ...headers: readonly string[]): Attempt[] =>
  Array.from({ length: count }, () => refused(...headers));

const WHERE = { acceptable: 'answers that cannot be told apart' };

describe('refusedAlike', () => {
  test('takes values that each answer has anew, and an order that varies', () => {
    assertFits(
      refusedAlike(
        [refused(CHALLENGE, 'X-Request: a', 'Server: s'), refused('Server: s', CHALLENGE, 'X-Request: b')],
        [refused(CHALLENGE, 'Server: s', 'X-Request: c'), refused('X-Request: d', CHALLENGE, 'Server: s')],
      ),
    );
  });

  test('finds a header, a value, an order and a tag that one kind has and the other has not', () => {
    const ours = times(3, CHALLENGE, 'Server: s', 'To: <sip:a@b>;tag=1');
    for (const [other, actual] of [
      [
        times(3, CHALLENGE, 'Server: s', 'To: <sip:a@b>;tag=2', 'Reason: none'),
        /^the order of its headers: /,
      ],
      [times(3, CHALLENGE.replace('"r"', '"q"'), 'Server: s', 'To: <sip:a@b>;tag=2'), /its realm: "\\?"r/],
      [times(3, CHALLENGE, 'Server: t', 'To: <sip:a@b>;tag=2'), /^Server: "s" and "t"$/],
      [times(3, 'Server: s', CHALLENGE, 'To: <sip:a@b>;tag=2'), /^the order of its headers: /],
      [times(3, CHALLENGE, 'Server: s', 'To: <sip:a@b>'), /^To, its tag: "there" and "missing"$/],
      [times(3, 'Server: s', 'To: <sip:a@b>;tag=2'), /^the order of its headers: /],
    ] as const)
      assertMisfit(refusedAlike(ours, other), { ...WHERE, actual });
  });

  test('asks for an answer to each', () => {
    assertMisfit(refusedAlike(times(1), [{ ...refused(), answers: [] }]), {
      ...WHERE,
      actual: 'no final answer to some of the calls',
    });
  });
});
