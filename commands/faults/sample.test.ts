import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import type { FoundFault } from '../../faults/catalogue.ts';
import { Randomness } from '../../harness/randomness.ts';
import { sampleOf } from './sample.ts';

function faultsOf(counts: Readonly<Record<string, number>>): readonly FoundFault[] {
  return Object.entries(counts).flatMap(([rule, count]) =>
    Array.from({ length: count }, (_, index) => ({
      fault: { id: `${rule}-${index}`, rule, sentence: 'It.', override: {} },
      file: `faults/${rule}.ts`,
    })),
  );
}

test('a sample has a quarter of each rule, rounded up, in the order of all', () => {
  const all = faultsOf({ one: 1, four: 4, five: 5, eight: 8 });
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const drawn = sampleOf(all, new Randomness(seed));
      const counts = Map.groupBy(drawn, ({ fault }) => fault.rule);
      assert.deepEqual(
        [...counts].map(([rule, own]) => [rule, own.length]),
        [
          ['one', 1],
          ['four', 1],
          ['five', 2],
          ['eight', 2],
        ],
      );
      assert.deepEqual(
        drawn,
        all.filter((one) => drawn.includes(one)),
      );
      assert.deepEqual(sampleOf(all, new Randomness(seed)), drawn);
    }),
  );
});

test('whatever else there is, a rule gets the same of its faults by the same seed', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, others) => {
      const ownOf = (counts: Readonly<Record<string, number>>): readonly string[] =>
        sampleOf(faultsOf(counts), new Randomness(seed))
          .filter(({ fault }) => fault.rule === 'own')
          .map(({ fault }) => fault.id);
      assert.deepEqual(ownOf({ other: others, own: 9 }), ownOf({ own: 9 }));
    }),
  );
});

test('every fault is drawn by some seed', () => {
  const all = faultsOf({ own: 9 });
  const drawn = new Set<FoundFault>();
  for (let seed = 1; seed <= 200; seed += 1)
    for (const one of sampleOf(all, new Randomness(seed))) drawn.add(one);
  assert.equal(drawn.size, all.length);
});
