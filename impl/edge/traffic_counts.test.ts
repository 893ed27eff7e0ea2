import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { TrafficCounts } from './traffic_counts.ts';

test('methods are counted by name, and made-up ones as other', () => {
  const traffic = new TrafficCounts();
  for (const method of ['INVITE', 'INVITE', 'BYE', 'invite', 'GET', '__proto__', ''])
    traffic.requested(method);
  const counted = traffic.requests().filter(({ count }) => count > 0);
  assert.deepEqual(counted, [
    { method: 'INVITE', count: 2 },
    { method: 'BYE', count: 1 },
    { method: 'other', count: 4 },
  ]);
});

test('calls are counted by outcome', () => {
  const traffic = new TrafficCounts();
  traffic.answered('digest-right', 200);
  traffic.answered('digest-right', 200);
  traffic.answered('source-trusted', 486);
  traffic.refused('digest-wrong', 401);
  traffic.refused('digest-wrong', 401);
  traffic.refused('overloaded', 503);
  traffic.challenged(false);
  traffic.challenged(true);
  assert.deepEqual(traffic.calls(), [
    { outcome: 'delivered', code: '486', reason: 'source-trusted', count: 1 },
    { outcome: 'delivered', code: '200', reason: 'digest-right', count: 2 },
    { outcome: 'refused', code: '401', reason: 'digest-wrong', count: 2 },
    { outcome: 'refused', code: '503', reason: 'overloaded', count: 1 },
  ]);
  assert.deepEqual(traffic.challenges, { first: 1, stale: 1 });
});

test('made-up codes of callees are all counted, under a bounded number of names', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 200, max: 699 }), { minLength: 400 }), (statuses) => {
      const traffic = new TrafficCounts();
      for (const status of statuses) traffic.answered('digest-right', status);
      const calls = traffic.calls();
      assert.ok(calls.length < 80);
      assert.equal(
        calls.reduce((sum, { count }) => sum + count, 0),
        statuses.length,
      );
      for (const { code } of calls) assert.match(code, /^[2-6](\d\d|xx)$/);
    }),
  );
  const traffic = new TrafficCounts();
  for (const status of [299, 298, 200]) traffic.answered('digest-right', status);
  assert.deepEqual(
    traffic.calls().map(({ code, count }) => [code, count]),
    [
      ['200', 1],
      ['2xx', 2],
    ],
  );
});
