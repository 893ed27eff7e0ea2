import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { freshSeed, Randomness, seedOfRepeat, SEEDS_BELOW } from './randomness.ts';

const seeds = fc.integer({ min: 1, max: SEEDS_BELOW - 1 });

/** What a scenario might draw. */
function drawing(source: Randomness): unknown[] {
  return [source.uuid(), source.integer(10_000, 30_000), source.hex(8), source.uuid()];
}

describe('Randomness', () => {
  test('gives equal values in equal order for equal seeds, and other values for other seeds', () => {
    fc.assert(
      fc.property(seeds, seeds, (one, other) => {
        assert.deepEqual(drawing(new Randomness(one)), drawing(new Randomness(one)));
        if (one !== other) assert.notDeepEqual(drawing(new Randomness(one)), drawing(new Randomness(other)));
      }),
    );
  });

  test('never gives the same twice', () => {
    const source = new Randomness(7);
    assert.equal(new Set(Array.from({ length: 1_000 }, () => source.uuid())).size, 1_000);
  });

  test('gives a fork values that depend on its name only, not on what was drawn before', () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.string(), fc.nat(20), (seed, one, other, draws) => {
        const run = new Randomness(seed);
        const first = drawing(run.fork(one));
        for (let draw = 0; draw < draws; draw += 1) run.uuid();
        if (one !== other) assert.notDeepEqual(drawing(run.fork(other)), first);
        assert.deepEqual(drawing(run.fork(one)), first);
      }),
    );
  });

  test('gives whole numbers inside the bounds, and both bounds of a narrow one', () => {
    const source = new Randomness(1);
    const drawn = new Set(Array.from({ length: 200 }, () => source.integer(32, 35)));
    assert.deepEqual(drawn, new Set([32, 33, 34]));
  });

  test('gives UUIDs of version 4', () => {
    const source = new Randomness(2);
    for (let draw = 0; draw < 100; draw += 1)
      assert.match(source.uuid(), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  test('gives as many hexadecimal digits as octets were asked for', () => {
    assert.match(new Randomness(3).hex(8), /^[\da-f]{16}$/);
  });
});

describe('seeds', () => {
  test('of a run are in range, and a new one each time', () => {
    const drawn = Array.from({ length: 100 }, freshSeed);
    assert.ok(drawn.every((seed) => Number.isInteger(seed) && seed > 0 && seed < SEEDS_BELOW));
    assert.ok(new Set(drawn).size > 90);
  });

  test("of repeats follow from the run's seed, which is the first, and differ", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const repeats = Array.from({ length: 20 }, (_, index) => seedOfRepeat(seed, index + 1));
        assert.equal(repeats[0], seed);
        assert.equal(new Set(repeats).size, 20);
        assert.ok(repeats.every((one) => Number.isInteger(one) && one > 0 && one < SEEDS_BELOW));
        assert.deepEqual(
          repeats,
          Array.from({ length: 20 }, (_, index) => seedOfRepeat(seed, index + 1)),
        );
      }),
    );
  });
});
