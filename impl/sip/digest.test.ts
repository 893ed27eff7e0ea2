import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import vectors from '../../vectors/digest.json' with { type: 'json' };
import { readChallenge } from '../testing/read_challenge.ts';
import { challengeText, checkableCredentials, isDigestRight, parseCredentials } from './digest.ts';

interface Vector {
  readonly id: string;
  readonly source: string;
  readonly algorithm: string;
  readonly username: string;
  readonly realm: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly nc: string | null;
  readonly cnonce: string | null;
  readonly qop: string | null;
  readonly ha1: string;
  readonly response: string;
}

function header(vector: Vector, response: string): string {
  const { username, realm, nonce, uri, algorithm, qop, nc, cnonce } = vector;
  const protection = qop === null ? '' : `, qop=${qop}, nc=${nc}, cnonce="${cnonce}"`;
  return `Digest username="${username}",realm="${realm}" , nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}${protection}`;
}

for (const vector of vectors) {
  test(`${vector.id} (${vector.source})`, () => {
    const check = (response: string): boolean => {
      const credentials = parseCredentials(header(vector, response));
      const checkable = credentials && checkableCredentials(credentials);
      assert.ok(checkable !== undefined);
      return isDigestRight(checkable, vector.method, vector.ha1);
    };
    assert.equal(check(vector.response), true);
    assert.equal(check(vector.response.toUpperCase()), true);
    assert.equal(check(vector.response.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))), false);
    assert.equal(check(vector.response.slice(1)), false);
    assert.equal(check(''), false);
  });
}

test('quoted pairs are unescaped; the case of names and scheme does not matter', () => {
  const credentials = parseCredentials('dIgEsT UserName="a\\"b\\\\", REALM="r,s=\\"t", nonce=n');
  assert.equal(credentials?.username, 'a"b\\');
  assert.equal(credentials.realm, 'r,s="t');
  assert.equal(credentials.nonce, 'n');
  assert.equal(credentials.uri, undefined);
});

for (const value of [
  'Basic dTpw',
  'Digest',
  'Digest ',
  'Digest username',
  'Digest username=',
  'Digest a="1", a="2"',
  'Digest a="open',
  'Digest a=1 b=2',
  'Digest a=1,',
  'Digestx a=1',
]) {
  test(`${JSON.stringify(value)} is not a Digest credential`, () =>
    assert.equal(parseCredentials(value), undefined));
}

const COMPLETE = {
  username: 'u',
  realm: 'r',
  nonce: 'n',
  uri: 'sip:a',
  response: 'x',
  algorithm: undefined,
  cnonce: 'c',
  qop: 'auth',
  nc: '0000000a',
};

test('credentials can be checked if they are complete (RFC 7616 3.4)', () => {
  assert.equal(checkableCredentials(COMPLETE)?.protection?.count, 10);
  assert.equal(checkableCredentials(COMPLETE)?.algorithm, 'MD5');
  assert.equal(checkableCredentials({ ...COMPLETE, qop: undefined })?.protection, undefined);
  assert.equal(checkableCredentials({ ...COMPLETE, algorithm: 'sha-256' })?.algorithm, 'SHA-256');
  for (const change of [
    { username: undefined },
    { realm: undefined },
    { nonce: undefined },
    { uri: undefined },
    { response: undefined },
    { cnonce: undefined },
    { nc: undefined },
    { nc: '1' },
    { nc: '0000000g' },
    { nc: '000000001' },
    { qop: 'auth-int' },
    { algorithm: 'MD5-sess' },
    { algorithm: 'constructor' },
  ]) {
    assert.equal(checkableCredentials({ ...COMPLETE, ...change }), undefined, JSON.stringify(change));
  }
});

test('a challenge that was written is read as the same challenge', () => {
  const challenge = {
    realm: 'sip-uri.voice-api.example',
    nonce: 'abc',
    algorithm: 'SHA-256',
    stale: true,
  } as const;
  assert.deepEqual(readChallenge(challengeText(challenge)), { ...challenge, qopAuth: true });
  assert.doesNotMatch(challengeText({ ...challenge, stale: false }), /stale/);
  assert.equal(readChallenge('Digest realm="r", nonce="n", qop="auth-int"'), undefined);
  assert.equal(readChallenge('Digest realm="r", nonce="n", algorithm=unknown'), undefined);
  assert.equal(readChallenge('Digest realm="r", nonce="n", qop="auth-int, auth"')?.qopAuth, true);
});

test('no text makes the parsing throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      void parseCredentials(`Digest ${text}`);
      void readChallenge(`Digest ${text}`);
    }),
  );
});
