import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseIpv4Prefix, prefixesOverlap } from './ipv4_prefix.ts';
import { NON_PUBLIC_RANGES } from './special_purpose.ts';
import { SPECIAL_PURPOSE_REGISTRY } from './special_purpose_registry.ts';

test('the registry holds canonical blocks in order, each once, with a name and an RFC', () => {
  const { entries, updated, source } = SPECIAL_PURPOSE_REGISTRY;
  const networks = entries.map(({ block }) => {
    const prefix = parseIpv4Prefix(block);
    assert.ok(!('reason' in prefix), block);
    return prefix.network;
  });
  assert.deepEqual(
    networks,
    networks.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(entries.map(({ block }) => block)).size, entries.length);
  for (const { block, name, rfc } of entries) {
    assert.ok(name.length > 2, block);
    assert.match(rfc, /^RFC \d+/, block);
  }
  assert.match(updated, /^\d{4}-\d\d-\d\d$/);
  assert.match(source, /^https:\/\/www\.iana\.org\//);
});

test('non-public ranges are those not globally reachable, minus documentation, plus our additions', () => {
  const unreachable = SPECIAL_PURPOSE_REGISTRY.entries.filter(
    ({ globallyReachable, rfc }) => globallyReachable === 'no' && rfc !== 'RFC 5737',
  );
  assert.deepEqual(
    NON_PUBLIC_RANGES.map(({ text }) => text).toSorted(),
    [...unreachable.map(({ block }) => block), '192.88.99.0/24', '224.0.0.0/4'].toSorted(),
  );
});

test('of nested ranges the wider comes first, so that its name is given', () => {
  for (const [index, outer] of NON_PUBLIC_RANGES.entries()) {
    for (const inner of NON_PUBLIC_RANGES.slice(index + 1)) {
      const isNested = outer.prefix.mask > inner.prefix.mask && prefixesOverlap(outer.prefix, inner.prefix);
      assert.ok(!isNested, `${inner.text} after ${outer.text}`);
    }
  }
});
