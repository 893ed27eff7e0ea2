import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { floodFlaws, floodText, type FloodResults } from './results.ts';

const OUTCOME = { calls: 200, failed: 0, retransmitted: 0, rate: 5 };
const GOOD = { udp: OUTCOME, tcp: OUTCOME };
const SENT = {
  datagrams: {
    garbage: 40_000,
    invites: 20_000,
    options: 40_000,
    largeOptions: 16_000,
    largeInvites: 16_000,
  },
  connections: { halfOpen: 500, deaf: 3000, pinging: 1200 },
  unreadRequests: 16_000,
};
const MIB = 2 ** 20;

/** A run of 40 s with `octets(second)` of memory after each second. */
function run(octets: (second: number) => number, more: Partial<FloodResults> = {}): FloodResults {
  const memory = Array.from({ length: 41 }, (_, second) => ({
    second,
    octets: octets(second),
    connections: 4000,
  }));
  const calls = { before: GOOD, during: GOOD, after: GOOD };
  return { seconds: 40, heap: 256, sent: SENT, cpu: 0.5, calls, memory, death: undefined, ...more };
}

const steady = (): number => 100 * MIB;

/** A run with so many failed calls over TCP. */
function failing(failed: number): FloodResults {
  const during = { udp: OUTCOME, tcp: { ...OUTCOME, failed } };
  return run(steady, { calls: { before: GOOD, during, after: GOOD } });
}

describe('what a flood shows', () => {
  test('holds if memory rises at first and then stays', () => {
    const results = run((second) => (100 + 5 * Math.min(second, 20)) * MIB);
    assert.deepEqual(floodFlaws(results), []);
    assert.match(floodText(results), /a heap of 256 MB[^]*100 MiB at 0 s.*200 MiB at 36 s[^]*\nheld$/);
  });

  test('does not hold if memory goes on rising', () => {
    const results = run((second) => (100 + 5 * second) * MIB);
    assert.match(floodFlaws(results).join(), /^memory has not levelled off: it grew 1\.2\d-fold at the end$/);
    assert.match(floodText(results), /did not hold: memory/);
  });

  test('holds if one good call in a hundred fails during the floods, and no more', () => {
    assert.deepEqual(floodFlaws(failing(2)), []);
    assert.deepEqual(floodFlaws(failing(3)), ['3 of 200 good calls over TCP during the floods failed']);
  });

  test('does not hold if any good call fails before or after', () => {
    const worse = { ...GOOD, udp: { ...OUTCOME, failed: 1 } };
    const flaws = floodFlaws(run(steady, { calls: { before: worse, during: GOOD, after: worse } }));
    assert.deepEqual(flaws, [
      '1 of 200 good calls over UDP before the floods failed',
      '1 of 200 good calls over UDP after the floods failed',
    ]);
  });

  test('does not hold if the edge ended, and says how', () => {
    const results = run(steady, {
      calls: { before: GOOD, during: GOOD },
      death: 'the reference ended',
      cpu: undefined,
    });
    assert.deepEqual(floodFlaws(results), ['the reference ended']);
    assert.match(floodText(results), /\nthe edge ended after 41 s\n/);
  });
});
