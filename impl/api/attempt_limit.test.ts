import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { array, assert as assertProperty, constantFrom, integer, property, record } from 'fast-check';

import { AttemptLimit, attemptSource } from './attempt_limit.ts';

const FORGET_MS = 1000;

function limited({ perSource = 3, perClient = 5, entries = 100 } = {}) {
  const clock = { now: 1_700_000_000_000 };
  const limit = new AttemptLimit({
    perSource,
    perClient,
    entries,
    forgetMs: FORGET_MS,
    now: () => clock.now,
  });
  const fail = (times: number, source = 'a', client = 'c'): void => {
    for (let i = 0; i < times; i += 1) limit.failed(source, client);
  };
  return { clock, limit, fail };
}

describe('the limit of failed attempts', () => {
  test('lets a source fail up to the limit, then makes it wait until a failure is forgotten', () => {
    const { clock, limit, fail } = limited();
    fail(2);
    assert.equal(limit.waitMs('a', 'c'), 0);
    fail(1);
    assert.equal(limit.waitMs('a', 'c'), FORGET_MS);
    assert.equal(limit.waitMs('a', 'another client'), FORGET_MS);
    assert.equal(limit.waitMs('b', 'c'), 0);
    clock.now += FORGET_MS - 1;
    assert.equal(limit.waitMs('a', 'c'), 1);
    clock.now += 1;
    assert.equal(limit.waitMs('a', 'c'), 0);
    fail(1);
    assert.equal(limit.waitMs('a', 'c'), FORGET_MS);
    clock.now += 3 * FORGET_MS;
    fail(2);
    assert.equal(limit.waitMs('a', 'c'), 0);
  });

  test('keeps a client under attack open to sources without a failure', () => {
    const { clock, limit, fail } = limited();
    for (const source of ['a', 'b', 'd', 'e', 'f']) fail(1, source);
    assert.equal(limit.waitMs('its own address', 'c'), 0);
    assert.equal(limit.waitMs('a', 'c'), FORGET_MS);
    assert.equal(limit.waitMs('a', 'another client'), 0);
    clock.now += FORGET_MS;
    assert.equal(limit.waitMs('a', 'c'), 0);
  });

  test('counts all ids longer than any client’s as one', () => {
    const { limit, fail } = limited();
    for (let i = 0; i < 5; i += 1) fail(1, `s${i}`, `${i}${'x'.repeat(200)}`);
    assert.equal(limit.waitMs('s0', 'y'.repeat(129)), FORGET_MS);
    assert.equal(limit.waitMs('s0', 'y'.repeat(128)), 0);
  });

  test('remembers a bounded number of sources, and first forgets the one that failed longest ago', () => {
    const { limit, fail } = limited({ entries: 3 });
    fail(3, 'a');
    fail(3, 'b');
    fail(1, 'a');
    for (const source of ['d', 'e']) fail(1, source, source);
    assert.equal(limit.waitMs('b', 'other'), 0);
    assert.equal(limit.waitMs('a', 'other'), 2 * FORGET_MS);
  });

  test('no source fails more often than the limit allows, in any order of attempts', () => {
    const step = record({ waitMs: integer({ min: 0, max: 2500 }), source: constantFrom('a', 'b') });
    assertProperty(
      property(array(step, { maxLength: 80 }), (steps) => {
        const { clock, limit } = limited();
        const start = clock.now;
        const failures: Record<string, number> = { a: 0, b: 0 };
        for (const { waitMs, source } of steps) {
          clock.now += waitMs;
          if (limit.waitMs(source, 'c') > 0) continue;
          limit.failed(source, 'c');
          failures[source] = (failures[source] ?? 0) + 1;
          assert.ok(failures[source] <= 3 + (clock.now - start) / FORGET_MS);
        }
      }),
    );
  });
});

test('an IPv4 address counts for itself, an IPv6 address for its /64', () => {
  const sources: readonly (readonly [address: string, source: string])[] = [
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0000:1:0:0:1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['', ''],
  ];
  for (const [address, source] of sources) assert.equal(attemptSource(address), source, address);
});
