import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { secretHashOf, secretMatches } from './secret_hash.ts';

test('a hash matches its own secret and no other, and does not contain it', async () => {
  const secret = 'correct-horse-battery';
  const hash = await secretHashOf(secret, randomBytes(16));
  assert.equal(await secretMatches(secret, hash), true);
  assert.equal(await secretMatches('correct-horse-batterz', hash), false);
  assert.equal(await secretMatches('', hash), false);
  assert.ok(!hash.includes(secret));
});

test('equal secrets with different salts have different hashes', async () => {
  const [a, b] = await Promise.all([
    secretHashOf('same-secret', randomBytes(16)),
    secretHashOf('same-secret', randomBytes(16)),
  ]);
  assert.notEqual(a, b);
});

test('a stored hash of the wrong form throws', async () => {
  await assert.rejects(secretMatches('secret', 'plain-secret'), /scrypt\$salt\$key/);
});

test('NULs behind a secret make it another one', async () => {
  const hash = await secretHashOf('secret', Buffer.alloc(16, 1));
  assert.equal(await secretMatches('secret', hash), true);
  assert.equal(await secretMatches('secret\0', hash), false);
});
