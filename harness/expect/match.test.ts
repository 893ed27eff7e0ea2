import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RuleViolation } from '../verdict.ts';
import { anyOf, matched, mismatch, must } from './match.ts';

test('must accepts what fits', () => {
  must();
  must(matched, matched);
});

test('must throws the first mismatch as a broken rule, with everything a reader needs', () => {
  assert.throws(
    () => must(matched, mismatch(['407', '401'], '200 OK', 'the ladder'), mismatch('other', 'later')),
    (error) => {
      assert.ok(error instanceof RuleViolation);
      assert.deepEqual(error.violation, {
        acceptable: ['407', '401'],
        actual: '200 OK',
        where: 'the ladder',
      });
      assert.equal(error.message, 'acceptable: 407, or 401\nactual:     200 OK\nwhere:      the ladder');
      return true;
    },
  );
});

test('a mismatch without a place names none', () => {
  assert.deepEqual(mismatch('this', 'that'), { ok: false, acceptable: ['this'], actual: 'that' });
});

test('anyOf accepts one that fits, and else lists all that was acceptable and what came', () => {
  const [one, other] = [mismatch('this', 'that', 'here'), mismatch(['those', 'these'], 'what')];
  assert.deepEqual(anyOf(one, matched), matched);
  assert.deepEqual(anyOf(one, other), {
    ok: false,
    acceptable: ['this', 'those', 'these'],
    actual: 'that',
    where: 'here',
  });
});
