import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { readChallenge } from './challenge.ts';

test('reads scheme and parameters, quoted and plain, names in any case', () => {
  const { scheme, parameters, text } = readChallenge(
    '  Digest Realm="a b",NONCE=abc , qop="auth,auth-int", stale=TRUE ',
  );
  assert.equal(scheme, 'digest');
  assert.deepEqual(Object.fromEntries(parameters), {
    realm: 'a b',
    nonce: 'abc',
    qop: 'auth,auth-int',
    stale: 'TRUE',
  });
  assert.equal(text, 'Digest Realm="a b",NONCE=abc , qop="auth,auth-int", stale=TRUE');
});

test('removes escapes in quoted strings (RFC 3261 section 25.1)', () => {
  const { parameters } = readChallenge(String.raw`Digest realm="a \"quoted\" \\ one", nonce="x"`);
  assert.equal(parameters.get('realm'), String.raw`a "quoted" \ one`);
  assert.equal(parameters.get('nonce'), 'x');
});

test('blanks around the equals sign and tabs after the scheme are legal', () => {
  const { scheme, parameters } = readChallenge('DIGEST\trealm = "r" ,\t nonce= n');
  assert.equal(scheme, 'digest');
  assert.deepEqual(Object.fromEntries(parameters), { realm: 'r', nonce: 'n' });
});

test('nonsense has no parameters', () => {
  for (const text of ['', '   ', 'Digest', 'Digest ,,,'])
    assert.equal(readChallenge(text).parameters.size, 0, text);
});

test('is well formed with nothing but parameters and commas', () => {
  for (const text of ['Digest realm="a, b" ,\tnonce=n', 'Digest nonce=""'])
    assert.ok(readChallenge(text).isWellFormed, text);
  for (const text of [
    'Digest',
    'Digest realm="a" nonce="b"',
    'Digest realm="a"; nonce="b"',
    'Digest realm="a", word, nonce="b"',
    'Digest realm="a",',
    'Digest realm="a", Digest nonce="b"',
  ])
    assert.ok(!readChallenge(text).isWellFormed, text);
});

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

test('any value of a parameter comes back if it was quoted correctly', () => {
  const value = fc.string({ unit: 'grapheme-ascii' });
  fc.assert(
    fc.property(value, value, (realm, nonce) => {
      const { parameters } = readChallenge(
        `Digest realm=${quoted(realm)}, nonce=${quoted(nonce)}, stale=true`,
      );
      assert.equal(parameters.get('realm'), realm);
      assert.equal(parameters.get('nonce'), nonce);
      assert.equal(parameters.get('stale'), 'true');
    }),
  );
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void readChallenge(text)));
});
