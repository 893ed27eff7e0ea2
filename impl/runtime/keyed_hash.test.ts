import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { KeyedHash } from './keyed_hash.ts';

test('it is HMAC-SHA-256', () => {
  const key = fc.uint8Array({ minLength: 16, maxLength: 64 });
  fc.assert(
    fc.property(key, fc.uint8Array({ maxLength: 200 }), (bytes, data) => {
      const text = Buffer.from(data).toString('latin1');
      const expected = createHmac('sha256', bytes).update(data).digest();
      const keyed = new KeyedHash(Buffer.from(bytes));
      assert.deepEqual(keyed.digest(text), expected);
      assert.deepEqual(keyed.digest(text), expected);
    }),
  );
});

test('a key longer than a block is refused', () => {
  assert.throws(() => new KeyedHash(Buffer.alloc(65)), RangeError);
});
