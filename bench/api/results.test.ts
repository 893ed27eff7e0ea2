import assert from 'node:assert/strict';
import { test } from 'node:test';

import { percentiles } from './results.ts';

test('percentiles are taken by the nearest rank, whatever the order of the values', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  assert.deepEqual(percentiles(values), { median: 100, p99: 198, most: 200 });
  assert.deepEqual(percentiles([3]), { median: 3, p99: 3, most: 3 });
  assert.equal(percentiles([]).p99, Number.NaN);
});
