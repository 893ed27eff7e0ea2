import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { counter, gauge, lastingSamples, mergedSamples, type Sample } from './metric.ts';

const CATALOGUE = {
  dialogs: gauge('Dialogs in memory.'),
  exceptions_total: counter('Exceptions caught.'),
  lag_seconds: gauge('How late the event loop is.', 'max'),
};

const samples = fc.array(
  fc.record({
    name: fc.constantFrom('dialogs', 'exceptions_total', 'lag_seconds'),
    labels: fc.constant({}),
    value: fc.nat(),
  }),
);

function totalOf(list: readonly Sample[], name: string): number[] {
  return list.filter((sample) => sample.name === name).map(({ value }) => value);
}

test('over several processes counters and gauges are summed, of lags the maximum is taken', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const merged = mergedSamples(list, CATALOGUE);
      for (const name of ['dialogs', 'exceptions_total']) {
        const values = totalOf(list, name);
        const sum = values.reduce((a, b) => a + b, 0);
        assert.deepEqual(totalOf(merged, name), values.length === 0 ? [] : [sum]);
      }
      const lags = totalOf(list, 'lag_seconds');
      const longest = lags.length === 0 ? [] : [Math.max(...lags)];
      assert.deepEqual(totalOf(merged, 'lag_seconds'), longest);
      assert.deepEqual(totalOf(lastingSamples(list, CATALOGUE), 'dialogs'), []);
      assert.deepEqual(
        totalOf(lastingSamples(list, CATALOGUE), 'exceptions_total'),
        totalOf(list, 'exceptions_total'),
      );
    }),
  );
});
