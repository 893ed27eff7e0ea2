import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { answered } from '../testing/built_attempt.ts';
import { builtCall, received, sent } from '../testing/built_call.ts';
import type { Call } from '../traffic/call.ts';
import { BrokenPrecondition } from '../verdict.ts';
import {
  challengedAnewAsStale,
  freshNonces,
  nonceIn,
  noncesOfTheirOwn,
  notStale,
  refusedNotAsStale,
} from './challenges.ts';

function challengedBy(...challenges: readonly string[]): Call {
  return builtCall([
    sent('INVITE sip:app@sip.example SIP/2.0', 'CSeq: 1 INVITE'),
    received(
      'SIP/2.0 407 Proxy Authentication Required',
      'CSeq: 1 INVITE',
      ...challenges.map((challenge) => `Proxy-Authenticate: ${challenge}`),
    ),
  ]);
}

function refusedBy(challenge: string): Call {
  return builtCall([
    sent('INVITE sip:app@sip.example SIP/2.0', 'CSeq: 2 INVITE'),
    received('SIP/2.0 401 Unauthorized', 'CSeq: 2 INVITE', `WWW-Authenticate: ${challenge}`),
  ]);
}

const md5 = (nonce: string): string => `Digest realm="sip.example", nonce="${nonce}", algorithm=MD5`;
const sha256 = (nonce: string): string => `Digest realm="sip.example", nonce="${nonce}", algorithm=SHA-256`;

const challenged = (nonce: string) => answered('407 Who', `Proxy-Authenticate: ${md5(nonce)}`);
const refused = (nonce: string) => answered('401 No', `WWW-Authenticate: ${md5(nonce)}`);

describe('freshNonces', () => {
  test('counts an answer that offers two algorithms once, with one nonce for both or two', () => {
    assertFits(freshNonces([challengedBy(sha256('a'), md5('a')), challengedBy(sha256('b'), md5('c'))], 2));
  });

  test('finds a nonce that two answers share', () => {
    assertMisfit(freshNonces([challengedBy(sha256('a'), md5('b')), challengedBy(sha256('b'), md5('c'))], 2), {
      acceptable: '2 challenges, each with a nonce of its own',
      actual: '3 different nonces among 4',
    });
  });
});

describe('nonceIn', () => {
  test('takes the challenge that MD5 answers, whatever stands before it', () => {
    assert.equal(nonceIn(challengedBy('Bearer realm="x"', sha256('a'), md5('b'))), 'b');
  });
});

describe('noncesOfTheirOwn', () => {
  test('counts the 407s, and an answer that comes again once', () => {
    const one = challenged('a');
    assertFits(noncesOfTheirOwn([one, one, refused('b'), answered('401 No'), challenged('c')], 2));
    assertMisfit(noncesOfTheirOwn([one, refused('b')], 2), {
      acceptable: '2 407s, and in each challenge a nonce of its own',
      actual: '1 407s',
    });
  });

  test('finds a nonce that a 401 shares with a 407', () => {
    assertMisfit(noncesOfTheirOwn([challenged('a'), refused('a')], 1), {
      acceptable: '1 407s, and in each challenge a nonce of its own',
      actual: '1 different nonces among 2',
    });
  });
});

test('a challenge is stale if it says so, in whatever case', () => {
  assertFits(notStale(challengedBy(`${md5('a')}, stale=FALSE`)));
  assertMisfit(notStale(challengedBy(`${md5('a')}, stale=True`)), {
    acceptable: 'a challenge without stale=true',
    actual: /stale=True/,
  });
});

test('a 401 is judged as a challenge is, and its absence is for another rule to judge', () => {
  assertFits(refusedNotAsStale(refusedBy(md5('a'))));
  assertMisfit(refusedNotAsStale(refusedBy(`${md5('a')}, stale=true`)), {
    acceptable: 'a 401 without stale=true',
    actual: /stale=true/,
  });
  assert.throws(() => refusedNotAsStale(challengedBy(md5('a'))), BrokenPrecondition);
});

describe('challengedAnewAsStale', () => {
  const acceptable = '407 with stale=true and a nonce not given before';
  const known = ['Proxy-Authorization: Digest nonce="old"'];
  const judged = (nonce: string, more: string) =>
    challengedAnewAsStale(answered('407 Who', `Proxy-Authenticate: ${md5(nonce)}${more}`), known);

  test('takes a new nonce with stale=true, however that is written', () => {
    assertFits(judged('new', ', stale=true'));
    assertFits(judged('new', ', Stale="TRUE"'));
  });

  test('says what is missing', () => {
    assertMisfit(judged('new', ''), { acceptable, actual: '407 without stale=true' });
    assertMisfit(judged('new', ', stale=false'), { acceptable, actual: '407 without stale=true' });
    assertMisfit(judged('old', ', stale=true'), {
      acceptable,
      actual: '407 with stale=true and the same old nonce',
    });
    assertMisfit(challengedAnewAsStale(answered('486 Busy'), known), { acceptable, actual: '486 Busy' });
  });
});
