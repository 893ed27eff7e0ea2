import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { patchRows } from './patch_rows.ts';

describe('the table of PATCH', () => {
  const rows = patchRows(['US', 'EU']);

  test('has a row for each combination that asks for something, each with a name of its own', () => {
    assert.equal(rows.length, 710);
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    assert.ok(rows.every(({ mayBeRefused, granted }) => mayBeRefused || granted !== undefined));
  });

  test('names what was before and what the PATCH has', () => {
    const names = rows.map(({ name }) => name);
    assert.ok(
      names.includes('off; inboundSipCallsEnabled true') ||
        names.includes('off; inboundSipCallsEnabled true; another name'),
    );
    assert.ok(names.every((name) => /^(off|off again|on with [a-z, ]+); \S/.test(name)));
  });

  test('has refused entries at either end of a list', () => {
    const bad = rows.flatMap(({ row: { sources } }) => (sources.kind === 'bad' ? [sources.entries] : []));
    const good = '203.0.113.200/32';
    assert.deepEqual(new Set(bad.map((entries) => entries.indexOf(good))), new Set([0, 1]));
  });
});
