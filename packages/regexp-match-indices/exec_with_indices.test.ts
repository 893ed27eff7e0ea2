import assert from 'node:assert/strict';
import { test } from 'node:test';

import execWithIndices from './exec_with_indices.ts';

test('tells where groups are, also those that took no part, and again and again', () => {
  for (const [text, indices] of [
    ['the 1st call', [[4, 7], [4, 5], [5, 7], undefined]],
    ['the 2 calls', [[4, 5], [4, 5], undefined, undefined]],
    ['no call', undefined],
    ['the 3rd call', [[4, 7], [4, 5], undefined, [5, 7]]],
  ] as const) {
    const match = execWithIndices(/(\d)(?:(st)|(rd))?/, text);
    assert.deepEqual(match?.indices && [...match.indices], indices);
  }
});

test('keeps the flags of the expression', () => {
  const expression = /an? (CALL)/i;
  const [first, second] = [execWithIndices(expression, 'a call'), execWithIndices(expression, 'an CALL')];
  assert.deepEqual(
    [first?.indices?.[1], second?.indices?.[1]],
    [
      [2, 6],
      [3, 7],
    ],
  );
});
