import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { floodFlaws, floodText, type FloodResults } from './results.ts';

const GOOD = { calls: 25, failed: 0, retransmitted: 0, rate: 5 };
const SENT = { garbage: 40_000, invites: 20_000, connections: 8000 };

/** A run of 40 s with `octets(second)` of memory after each second. */
function run(octets: (second: number) => number, calls: Partial<FloodResults['calls']> = {}): FloodResults {
  const memory = Array.from({ length: 41 }, (_, second) => ({ second, octets: octets(second) }));
  return { seconds: 40, sent: SENT, calls: { before: GOOD, during: GOOD, after: GOOD, ...calls }, memory };
}

const MIB = 2 ** 20;

describe('what a flood shows', () => {
  test('holds if memory rises at first and then stays', () => {
    const results = run((second) => (100 + 5 * Math.min(second, 20)) * MIB);
    assert.deepEqual(floodFlaws(results), []);
    assert.match(floodText(results), /100 MiB at 0 s.*200 MiB at 36 s[^]*\nheld$/);
  });

  test('does not hold if memory goes on rising', () => {
    const results = run((second) => (100 + 5 * second) * MIB);
    assert.match(floodFlaws(results).join(), /^memory has not levelled off: it grew 1\.2\d-fold at the end$/);
    assert.match(floodText(results), /did not hold: memory/);
  });

  test('does not hold if a good call fails, and says when', () => {
    const results = run(() => 100 * MIB, { during: { ...GOOD, failed: 2 } });
    assert.deepEqual(floodFlaws(results), ['2 of 25 good calls during the floods failed']);
  });
});
