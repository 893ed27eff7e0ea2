import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import { inTurn, isLetIn, isOutcome } from './one_connection.ts';

const BUSY = received('SIP/2.0 486 Busy Here');
const REFUSED = received('SIP/2.0 401 Unauthorized');

test('calls over one connection are let in and refused in the order that is wanted', () => {
  assertFits(inTurn([BUSY, REFUSED, BUSY], ['let in', 'refused', 'let in']));
  const where = 'the answers that came over the connection';
  assertMisfit(inTurn([BUSY, BUSY], ['let in', 'refused']), {
    acceptable: '486, 401',
    actual: '486, 486',
    where,
  });
  assertMisfit(inTurn([BUSY, undefined], ['let in', 'refused']), {
    acceptable: '486, 401',
    actual: '486, no final answer',
    where,
  });
  assertMisfit(inTurn([BUSY], ['let in', 'refused']), { acceptable: '486, 401', actual: '486', where });
});

test('a call is let in whose called side says that it is busy', () => {
  assert.ok(isLetIn(BUSY));
  assert.ok(!isLetIn(REFUSED));
  assert.ok(!isLetIn(undefined));
});

test('words that are no outcome are none', () => {
  assert.deepEqual(['let in', 'refused', 'toString', ''].filter(isOutcome), ['let in', 'refused']);
});
