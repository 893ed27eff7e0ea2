import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { Newest } from './newest.ts';

test('whatever is set, the newest are there, each with what was set last', () => {
  const sets = fc.array(fc.tuple(fc.nat(9), fc.nat()));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), sets, (most, all) => {
      const newest = new Newest<number, number>(most);
      for (const [key, value] of all) newest.set(key, value);
      const keysByAge = [...new Set(all.toReversed().map(([key]) => key))];
      for (const [place, key] of keysByAge.entries()) {
        const last = all.findLast(([one]) => one === key)?.[1];
        assert.equal(newest.get(key), place < most ? last : undefined);
      }
    }),
  );
});

test('an entry that was never set is not there', () => {
  assert.equal(new Newest<string, string>(1).get('nothing'), undefined);
});
