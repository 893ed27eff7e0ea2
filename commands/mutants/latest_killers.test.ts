import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LatestKillers } from './latest_killers.ts';

test('scenarios that killed come first, the latest of them ahead; the others keep their order', () => {
  const killers = new LatestKillers();
  assert.deepEqual(killers.first(['a', 'b', 'c']), ['a', 'b', 'c']);
  for (const place of ['c', 'elsewhere', 'b', 'c']) killers.add(place);
  assert.deepEqual(killers.first(['a', 'b', 'c', 'd']), ['c', 'b', 'a', 'd']);
});

test('what killed long ago is no longer preferred', () => {
  const killers = new LatestKillers();
  killers.add('z');
  for (let number = 0; number < 10; number += 1) killers.add(`later ${number}`);
  assert.deepEqual(killers.first(['a', 'z']), ['a', 'z']);
});
