import assert from 'node:assert/strict';
import { test } from 'node:test';

import { prefixContains } from '../store/ipv4_prefix.ts';
import { SPECIAL_RANGES } from './special_purpose.ts';

test('where ranges nest, the narrower stands first, so that its name is the one given', () => {
  for (const [index, outer] of SPECIAL_RANGES.entries()) {
    for (const inner of SPECIAL_RANGES.slice(index + 1)) {
      assert.ok(!prefixContains(outer.prefix, inner.prefix), `${inner.text} after ${outer.text}`);
    }
  }
});

test('every range has a name and a source', () => {
  for (const { text, name, source } of SPECIAL_RANGES) {
    assert.ok(name.length > 3, text);
    assert.match(source, /^RFC \d+/, text);
  }
});
