import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { builtCall, received, sent } from '../testing/built_call.ts';
import {
  assertCredentialsSent,
  challenged,
  challengedAsStale,
  finallyAnswered,
  keptAlive,
  neverAnswered,
  setUp,
  setUpOrUnavailable,
} from './calls.ts';

const REALM = 'sip-uri.voice-api.example';

const TAGGED = `To: "<;tag=no>" <sip:app@${REALM};tag=uri>;tag=peer`;

const invite = (cseq: number) => sent(`INVITE sip:app@${REALM} SIP/2.0`, `CSeq: ${cseq} INVITE`);
const answer = (cseq: number, status: string, ...headers: readonly string[]) =>
  received(`SIP/2.0 ${status}`, `CSeq: ${cseq} INVITE`, TAGGED, ...headers);
const digest = (nonce: string, more = '') =>
  `Proxy-Authenticate: Digest realm="${REALM}", nonce="${nonce}"${more}`;
const challenge = (cseq: number, ...headers: readonly string[]) =>
  answer(cseq, '407 Proxy Authentication Required', ...headers);
const bye = sent(`BYE sip:app@${REALM} SIP/2.0`, 'CSeq: 2 BYE', TAGGED);
const byeAnswered = (status: string, to = TAGGED) => received(`SIP/2.0 ${status}`, 'CSeq: 2 BYE', to);

const withCredentials = (name: string) =>
  sent(`INVITE sip:app@${REALM} SIP/2.0`, 'CSeq: 2 INVITE', `${name}: Digest username="app"`);

describe('assertCredentialsSent', () => {
  const refused = answer(2, '401 Unauthorized');

  test('takes a refusal of credentials, and one where none were to be given', () => {
    for (const name of ['Proxy-Authorization', 'authorization'])
      assertCredentialsSent(builtCall([withCredentials(name), refused], { hasCredentials: true }));
    assertCredentialsSent(builtCall([invite(2), refused]));
  });

  test('calls it an error of the harness where the refusal came before the credentials', () => {
    const call = builtCall([invite(2), refused], { hasCredentials: true });
    assert.throws(() => assertCredentialsSent(call), /^HarnessError: .* none were sent/);
  });
});

describe('finallyAnswered', () => {
  test('takes the answer to the last INVITE', () => {
    assertFits(finallyAnswered(builtCall([invite(1), challenge(1), invite(2), answer(2, '403 No')]), 403));
  });

  test('allows any reason phrase, extra headers, compact names and provisional answers around', () => {
    const odd = received(
      'SIP/2.0 403',
      'i: one@caller.example',
      'X-More: 1',
      'cseq:   1   INVITE',
      'v: SIP/2.0/UDP a',
    );
    assertFits(
      finallyAnswered(builtCall([invite(1), answer(1, '100 Trying'), odd, answer(1, '180 Late')]), 403),
    );
  });

  test('says which other answer came, and to which request', () => {
    assertMisfit(finallyAnswered(builtCall([invite(1), answer(1, '200 OK')]), 403), {
      acceptable: '403 Forbidden',
      actual: '200 OK',
      where: 'the answer to INVITE with CSeq 1; see the ladder',
    });
  });

  test('says how far the call got where no answer came', () => {
    const call = builtCall([invite(1), answer(1, '180 Ringing')]);
    assertMisfit(finallyAnswered(call, 499), {
      acceptable: '499',
      actual: '180 Ringing, and no final answer after it',
    });
  });

  test('says that no INVITE was sent', () => {
    assertMisfit(finallyAnswered(builtCall([]), 401), {
      acceptable: '401 Unauthorized',
      actual: 'no INVITE was sent',
      where: 'the SIPp log',
    });
  });

  test('says what kept SIPp from sending', () => {
    assertMisfit(finallyAnswered(builtCall([], { trouble: 'Connection refused' }), 401), {
      acceptable: '401 Unauthorized',
      actual: 'no INVITE was sent; SIPp: Connection refused',
    });
  });

  test('says that the caller accepted another answer as the last one', () => {
    const other = received('SIP/2.0 200 OK', 'CSeq: 4711 INVITE', TAGGED);
    const call = [invite(1), other, answer(1, '401 Unauthorized'), bye, byeAnswered('200 OK')];
    assertMisfit(finallyAnswered(builtCall(call), 401), {
      acceptable: '401 Unauthorized as the last answer',
      actual: 'a call that was set up all the same, and ended by BYE',
      where: 'the ladder',
    });
  });

  test('says what else SIPp reported', () => {
    const call = builtCall([invite(1), answer(1, '401 Unauthorized')], {
      trouble: 'call 1: received an unexpected BYE',
    });
    assertMisfit(finallyAnswered(call, 401), {
      acceptable: '401 Unauthorized as the last answer',
      actual: 'SIPp: call 1: received an unexpected BYE',
      where: 'the ladder',
    });
  });
});

describe('setUp', () => {
  const acceptable = 'the call set up with 200 OK, and its BYE answered with 200 OK';

  test('takes a call that was challenged, answered and ended', () => {
    assertFits(
      setUp(
        builtCall([
          invite(1),
          challenge(1, digest('a')),
          invite(2),
          answer(2, '200 OK'),
          bye,
          byeAnswered('200 OK'),
        ]),
      ),
    );
  });

  test('allows a late 180, a repeated 200 and other reason phrases', () => {
    const call = builtCall([
      invite(1),
      answer(1, '200 Fine'),
      answer(1, '180 Ringing'),
      answer(1, '200 Fine'),
      bye,
      byeAnswered('200 Bye bye'),
    ]);
    assertFits(setUp(call));
  });

  test('allows a call that the other side ended', () => {
    const theirs = [
      received('BYE sip:c@203.0.113.10 SIP/2.0', 'CSeq: 9 BYE'),
      sent('SIP/2.0 200 OK', 'CSeq: 9 BYE'),
    ];
    assertFits(setUp(builtCall([invite(1), answer(1, '200 OK'), ...theirs])));
  });

  test('says what came to the INVITE', () => {
    assertMisfit(setUp(builtCall([invite(1), answer(1, '401 Unauthorized')])), {
      acceptable,
      actual: '401 Unauthorized to the INVITE',
      where: /^the answer to INVITE with CSeq 1/,
    });
  });

  test('says what came to the BYE, or that nothing did', () => {
    assertMisfit(setUp(builtCall([invite(1), answer(1, '200 OK'), bye, byeAnswered('481 Gone')])), {
      acceptable,
      actual: '481 Gone to the BYE',
      where: /^the answer to BYE with CSeq 2/,
    });
    assertMisfit(setUp(builtCall([invite(1), answer(1, '200 OK'), bye])), {
      acceptable,
      actual: 'no final answer to the BYE',
    });
  });

  test('says that nobody ended the call, even if SIPp saw nothing wrong', () => {
    assertMisfit(setUp(builtCall([invite(1), answer(1, '200 OK')])), {
      acceptable,
      actual: '200 OK to the INVITE, and no BYE from either side',
      where: 'the ladder',
    });
  });

  test('says that a To tag is missing or has changed', () => {
    const untagged = `To: <sip:app@${REALM};tag=uri>`;
    const ok = received('SIP/2.0 200 OK', 'CSeq: 1 INVITE', untagged);
    assertMisfit(setUp(builtCall([invite(1), ok, bye, byeAnswered('200 OK')])), {
      acceptable,
      actual:
        'a 200 to the INVITE whose To has no tag: there is no dialog (RFC 3261 sections 8.2.6.2, 12.1.1)',
      where: 'the SIP messages',
    });
    for (const [to, shown] of [
      [untagged, '(none)'],
      [`${untagged};tag=other`, 'other'],
    ] as const) {
      assertMisfit(setUp(builtCall([invite(1), answer(1, '200 OK'), bye, byeAnswered('200 OK', to)])), {
        acceptable,
        actual: `a 200 to the BYE with the To tag ${shown}, where the BYE had peer (RFC 3261 section 8.2.6.2)`,
      });
    }
  });

  test('says that what came is no answer', () => {
    const stray = received('SIP/2.0 200 OK', 'CSeq: 7 INVITE', 'Via: SIP/2.0/UDP a;branch=z9hG4bK1');
    const asked = sent(
      `INVITE sip:app@${REALM} SIP/2.0`,
      'CSeq: 1 INVITE',
      'Via: SIP/2.0/UDP a;branch=z9hG4bK1',
    );
    assertMisfit(setUp(builtCall([asked, stray])), {
      acceptable,
      actual:
        'no final answer to the INVITE: the 200 OK that came does not count, as its CSeq is 7 INVITE, ' +
        'but the request has 1 INVITE (RFC 3261 section 8.2.6.2)',
    });
  });

  test('says that there was no call, and what SIPp reported', () => {
    assertMisfit(setUp(builtCall([])), { acceptable, actual: 'no INVITE was sent' });
    assertMisfit(setUp(builtCall([invite(1), answer(1, '200 OK')], { trouble: 'a check failed' })), {
      acceptable,
      actual: 'SIPp: a check failed',
    });
  });
});

describe('neverAnswered', () => {
  test('takes a call without that status', () => {
    assertFits(neverAnswered(builtCall([invite(1), answer(1, '401 Unauthorized')]), 407));
  });

  test('finds the status in any transaction', () => {
    const call = builtCall([invite(1), answer(1, '200 OK'), bye, byeAnswered('407 Prove it')]);
    assertMisfit(neverAnswered(call, 407), {
      acceptable: 'no 407 Proxy Authentication Required at all',
      actual: '407 Proxy Authentication Required',
      where: /^the answer to BYE/,
    });
  });
});

const first = (...headers: readonly string[]) =>
  challenged(builtCall([invite(1), challenge(1, ...headers)]), REALM);

describe('challenged', () => {
  const acceptable = `407 with Proxy-Authenticate: Digest realm="${REALM}", nonce="…"`;

  test('takes the documented challenge', () =>
    assertFits(first(digest('abc', ', algorithm=MD5, qop="auth"'))));

  test('allows every legal way to write it', () => {
    assertFits(first(`proxy-authenticate:digest nonce=abc,REALM=${REALM}`));
    assertFits(
      first(
        `Proxy-Authenticate: DIGEST\r\n qop="auth,auth-int", nonce="a\\"b", stale=FALSE , realm = "${REALM}"`,
      ),
    );
    assertFits(first('Server: any', digest('abc'), 'Content-Length: 0'));
  });

  test('allows several challenges, of other algorithms and schemes', () => {
    assertFits(first(digest('a', ', algorithm=SHA-256'), digest('a', ', algorithm=MD5')));
    assertFits(first('Proxy-Authenticate: Bearer realm="elsewhere"', digest('a')));
    assertFits(first('Proxy-Authenticate: Digest realm="another", nonce="b"', digest('a')));
  });

  test('looks at the first INVITE, whatever came later', () => {
    assertFits(
      challenged(builtCall([invite(1), challenge(1, digest('a')), invite(2), answer(2, '200 OK')]), REALM),
    );
  });

  test('says what is wrong with the challenge', () => {
    const wrong = [
      ['Proxy-Authenticate: Digest realm="other", nonce="a"', 'Digest realm="other", nonce="a"'],
      [`Proxy-Authenticate: Digest realm="${REALM}"`, `Digest realm="${REALM}"`],
      [`Proxy-Authenticate: Digest realm="${REALM}", nonce=""`, `Digest realm="${REALM}", nonce=""`],
      [`Proxy-Authenticate: Basic realm="${REALM}"`, `Basic realm="${REALM}"`],
    ] as const;
    for (const [header, shown] of wrong) {
      assertMisfit(first(header), { acceptable, actual: `407 with Proxy-Authenticate: ${shown}` });
    }
  });

  test('says that there is none', () => {
    assertMisfit(first('WWW-Authenticate: Digest realm="x"'), {
      acceptable,
      actual: '407 without Proxy-Authenticate',
    });
    assertMisfit(challenged(builtCall([invite(1), answer(1, '401 Unauthorized', digest('a'))]), REALM), {
      acceptable,
      actual: '401 Unauthorized',
    });
    assertMisfit(challenged(builtCall([]), REALM), { acceptable, actual: 'no INVITE was sent' });
  });
});

const twice = (before: readonly string[], after: readonly string[]) =>
  challengedAsStale(builtCall([invite(1), challenge(1, ...before), invite(2), challenge(2, ...after)]));

describe('challengedAsStale', () => {
  const acceptable = '407 with stale=true and a nonce not given before';

  test('takes a new nonce with stale=true, however that is written', () => {
    assertFits(twice([digest('a')], [digest('b', ', stale=true')]));
    assertFits(twice([digest('a')], [digest('b', ', Stale="TRUE"')]));
  });

  test('allows several challenges, and one of another scheme before', () => {
    const other = 'Proxy-Authenticate: Bearer realm="elsewhere"';
    assertFits(
      twice(
        [other, digest('a')],
        [other, digest('b', ', algorithm=SHA-256, stale=true'), digest('b', ', stale=true')],
      ),
    );
  });

  test('says that it is not marked as stale', () => {
    assertMisfit(twice([digest('a')], [digest('b', ', stale=false')]), {
      acceptable,
      actual: `407 with Proxy-Authenticate: Digest realm="${REALM}", nonce="b", stale=false`,
      where: /CSeq 2/,
    });
    assertMisfit(twice([digest('a')], []), { acceptable, actual: '407 without Proxy-Authenticate' });
  });

  test('says that the nonce is an old one', () => {
    assertMisfit(twice([digest('a'), digest('c')], [digest('c', ', stale=true')]), {
      acceptable,
      actual: '407 with stale=true and the same old nonce',
    });
  });

  test('says that another answer came, or that the call ended before', () => {
    const call = builtCall([invite(1), challenge(1, digest('a')), invite(2), answer(2, '200 OK')]);
    assertMisfit(challengedAsStale(call), { acceptable, actual: '200 OK' });
    assertMisfit(challengedAsStale(builtCall([invite(1), challenge(1, digest('a'))])), {
      acceptable,
      actual: 'the call ended before the second INVITE',
    });
  });
});

const asked = (callId: string) =>
  sent('OPTIONS sip:service.example SIP/2.0', 'CSeq: 1 OPTIONS', `Call-ID: ${callId}`);

const told = (callId: string, status: string) =>
  received(`SIP/2.0 ${status}`, 'CSeq: 1 OPTIONS', `i: ${callId}`);

describe('keptAlive', () => {
  test('takes one, and several', () => {
    assertFits(keptAlive(builtCall([asked('a'), told('a', '200 Keepalive')]), 'Keepalive', 1));
    const three = ['a', 'b', 'c'].flatMap((id) => [asked(id), told(id, '200 Keepalive')]);
    assertFits(keptAlive(builtCall(three), 'Keepalive', 3));
  });

  test('finds the one that was answered otherwise', () => {
    const call = builtCall([asked('a'), told('a', '200 Keepalive'), asked('b'), told('b', '200 OK')]);
    assertMisfit(keptAlive(call, 'Keepalive', 2), {
      acceptable: '200 Keepalive to each of 2 OPTIONS',
      actual: '200 OK',
    });
    assertMisfit(keptAlive(builtCall([asked('a'), told('a', '407 Prove it')]), 'Keepalive', 1), {
      acceptable: '200 Keepalive to the OPTIONS',
      actual: '407 Prove it',
      where: /^the answer to OPTIONS/,
    });
    assertMisfit(keptAlive(builtCall([asked('a')]), 'Keepalive', 1), {
      acceptable: '200 Keepalive to the OPTIONS',
      actual: 'no final answer',
    });
  });

  test('says that fewer were sent, and what SIPp reported', () => {
    const one = [asked('a'), told('a', '200 Keepalive')];
    assertMisfit(keptAlive(builtCall(one), 'Keepalive', 3), {
      acceptable: '200 Keepalive to each of 3 OPTIONS',
      actual: '1 OPTIONS were sent',
    });
    assertMisfit(keptAlive(builtCall(one, { trouble: 'SIPp died' }), 'Keepalive', 1), {
      acceptable: '200 Keepalive to the OPTIONS',
      actual: 'SIPp: SIPp died',
    });
  });
});

describe('setUpOrUnavailable', () => {
  test('takes a call that was set up, and any 5xx', () => {
    const ended = [invite(1), answer(1, '200 OK'), bye, byeAnswered('200 OK')];
    assertFits(setUpOrUnavailable(builtCall(ended)));
    for (const refusal of ['500 Server Internal Error', '503 Service Unavailable', '580 Why not'])
      assertFits(setUpOrUnavailable(builtCall([invite(1), answer(1, refusal)])));
  });

  test('takes neither another refusal nor silence', () => {
    const acceptable = [
      'the call set up with 200 OK, and its BYE answered with 200 OK',
      'a refusal with 5xx',
    ];
    for (const refusal of ['403 Forbidden', '499 Almost', '600 Busy Everywhere']) {
      const call = builtCall([invite(1), answer(1, refusal)]);
      assertMisfit(setUpOrUnavailable(call), { acceptable, actual: `${refusal} to the INVITE` });
    }
    assertMisfit(setUpOrUnavailable(builtCall([invite(1)], { trouble: 'timed out' })), {
      acceptable,
      actual: /^no final answer to the INVITE/,
    });
  });
});
