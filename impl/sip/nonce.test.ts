import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { systemRandom } from '../runtime/random.ts';
import { NonceIssuer } from './nonce.ts';
import { NonceCounts } from './nonce_count.ts';

const KEY = Buffer.alloc(32, 7);
const LIFETIME = 30_000;
const NOW = 1_800_000_000_000;
const issuer = new NonceIssuer(KEY, LIFETIME, systemRandom);

test('a nonce is valid for its lifetime and expired after it', () => {
  const nonce = issuer.issue(NOW);
  assert.deepEqual(issuer.check(nonce, NOW), { state: 'valid', issuedAt: NOW });
  assert.equal(issuer.check(nonce, NOW + LIFETIME).state, 'valid');
  assert.equal(issuer.check(nonce, NOW + LIFETIME + 1).state, 'expired');
});

test('no two nonces are the same', () => {
  const nonces = new Set(Array.from({ length: 5000 }, () => issuer.issue(NOW)));
  assert.equal(nonces.size, 5000);
});

test('another process with the same key recognises a nonce and does not take it; without the key it is forged', () => {
  const nonce = issuer.issue(NOW);
  assert.equal(new NonceIssuer(KEY, LIFETIME, systemRandom).check(nonce, NOW).state, 'foreign');
  assert.equal(
    new NonceIssuer(Buffer.alloc(32, 8), LIFETIME, systemRandom).check(nonce, NOW).state,
    'forged',
  );
});

test('a nonce with any character changed, added or removed is forged', () => {
  const nonce = issuer.issue(NOW);
  fc.assert(
    fc.property(fc.nat(nonce.length), fc.nat(2), fc.string({ maxLength: 2 }), (at, removed, added) => {
      const changed = nonce.slice(0, at) + added + nonce.slice(at + removed);
      fc.pre(changed !== nonce);
      assert.equal(issuer.check(changed, NOW).state, 'forged');
    }),
  );
});

test('a count is replayed if it, or a higher one, was accepted before', () => {
  const counts = new NonceCounts(LIFETIME, NOW);
  assert.equal(counts.isReplayed('n', NOW, 1), false);
  counts.accepted('n', 1, NOW);
  counts.accepted('n', 5, NOW);
  assert.deepEqual(
    [1, 3, 5, 6].map((count) => counts.isReplayed('n', NOW, count)),
    [true, true, true, false],
  );
  assert.equal(counts.isReplayed('other', NOW, 1), false);
});

test('a nonce from before the counting began counts as used', () => {
  const counts = new NonceCounts(LIFETIME, NOW);
  assert.equal(counts.isReplayed('n', NOW - 1, 1), true);
  assert.equal(counts.isReplayed('n', NOW, 1), false);
});

test('asking about a count does not accept it', () => {
  const counts = new NonceCounts(LIFETIME, NOW);
  assert.equal(counts.isReplayed('n', NOW, 0xffffffff), false);
  assert.equal(counts.isReplayed('n', NOW, 2), false);
});

test('counts are forgotten once their nonces have expired', () => {
  const counts = new NonceCounts(LIFETIME, NOW);
  for (let i = 0; i < 100; i++) counts.accepted(`n${i}`, 1, NOW);
  counts.accepted('later', 1, NOW + LIFETIME + 1);
  assert.equal(counts.isReplayed('n1', NOW, 1), true);
  counts.accepted('last', 1, NOW + 2 * LIFETIME + 2);
  assert.equal(counts.size, 2);
});

test('with full memory, fresh nonces pass, and those that may have been used do not', () => {
  const capacity = 10;
  const counts = new NonceCounts(LIFETIME, NOW, capacity);
  for (let i = 0; i < 1000; i++) counts.accepted(`n${i}`, 1, NOW + i);
  assert.ok(counts.size <= 2 * capacity);
  for (let i = 0; i < 1000; i++) assert.equal(counts.isReplayed(`n${i}`, NOW + i, 1), true, `n${i}`);
  assert.equal(counts.isReplayed('fresh', NOW + 1000, 1), false);
});
