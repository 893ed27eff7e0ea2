import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { FORGERY_NAMES, forgedToken } from './forged_token.ts';

const HEADER = { alg: 'HS256', kid: 'k' };

function jwt(claims: Readonly<Record<string, unknown>>, signature: string): string {
  const parts = [HEADER, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...parts, signature].join('.');
}

const JWT = jwt({ exp: 1, jti: 'a' }, 'c2lnbmF0dXJlLW9uZQ');
const OTHER_JWT = jwt({ exp: 1, jti: 'b' }, 'c2lnbmF0dXJlLXR3bw');

/** Two good tokens each. */
const PAIRS: readonly (readonly [what: string, token: string, other: string])[] = [
  ['JWTs', JWT, OTHER_JWT],
  ['a JWT given twice', JWT, JWT],
  ['opaque tokens', '0123456789abcdef', 'fedcba9876543210'],
  ['an opaque token given twice', '0123456789abcdef', '0123456789abcdef'],
  ['opaque tokens with the same end', '0123456789abcdef', 'fedcba987654cdef'],
  ['opaque tokens that differ in their end', '0123456789abAAAA', '0123456789abQQQQ'],
  ['short tokens', 'abcd', 'abce'],
  ['tokens of two parts', 'abcdefgh.ijkl', 'mnopqrst.uvwx'],
  ['tokens of the same last part', 'abcdefgh.ijkl', 'mnopqrst.ijkl'],
];

function forged(name: string, token: string, other: string): string {
  const forgery = forgedToken(name, token, other);
  assert.ok(forgery !== undefined);
  return forgery;
}

describe('forgedToken', () => {
  for (const [what, token, other] of PAIRS) {
    test(`of ${what}, no forgery is a good token, or nothing`, () => {
      for (const name of FORGERY_NAMES) {
        const forgery = forged(name, token, other);
        assert.ok(![token, other].includes(forgery), name);
        assert.match(forgery, /[^.]/, name);
      }
    });
  }

  test('exchanges and drops the last part of a JWT', () => {
    const [header, claims] = JWT.split('.');
    assert.equal(
      forged("a token with another token's last part", JWT, OTHER_JWT),
      `${header}.${claims}.c2lnbmF0dXJlLXR3bw`,
    );
    assert.equal(forged('a token without its last part', JWT, OTHER_JWT), `${header}.${claims}`);
    assert.equal(forged('a token with an empty last part', JWT, OTHER_JWT), `${header}.${claims}.`);
  });

  test('exchanges and drops the last quarter of a token without dots', () => {
    const [token, other] = ['0123456789abcdef', 'fedcba9876543210'];
    assert.equal(forged("a token with another token's last part", token, other), '0123456789ab3210');
    assert.equal(forged('a token without its last part', token, other), '0123456789ab');
    assert.equal(forged('a token with an empty last part', token, other), '0123456789ab.');
  });

  test('keeps the claims that somebody else signs', () => {
    const [header, claims, signature] = JWT.split('.');
    const [ofHeader, ofClaims, ofSignature] = forged('a token signed by another key', JWT, OTHER_JWT).split(
      '.',
    );
    assert.deepEqual([ofHeader, ofClaims], [header, claims]);
    assert.notEqual(ofSignature, signature);
    assert.equal(forged('an unsigned token', JWT, OTHER_JWT).split('.')[1], claims);
  });

  test('alters the last characters, whatever they are', () => {
    for (const end of ['AAAA', 'QQQQ', 'gggg', 'wxyz']) {
      const altered = forged('an altered token', `0123456789ab${end}`, '0123456789abQQQQ');
      assert.match(altered, /^0123456789ab(.)\1{3}$/);
    }
  });

  test('is undefined where it does not know the name', () => {
    assert.equal(forgedToken('a token of gold', JWT, OTHER_JWT), undefined);
  });
});
