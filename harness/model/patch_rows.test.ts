import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { fieldsOf } from './patch_fields.ts';
import { patchRows } from './patch_rows.ts';

describe('the table of PATCH', () => {
  const rows = patchRows(['US', 'EU']);

  test('has rows for every combination and every mistake, each with a name of its own', () => {
    assert.equal(rows.length, 1347);
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    assert.ok(rows.every(({ mayBeRefused, granted }) => mayBeRefused || granted !== undefined));
  });

  test('names what was before, and what the PATCH has in the order in which it is sent', () => {
    for (const { name, row } of rows) {
      assert.match(name, /^(off|off again|on with [a-z, ]+); \S/);
      const told = name.split('; ').slice(1);
      for (const [index, [field]] of fieldsOf(row).entries())
        assert.ok(told[index]?.startsWith(field === 'applicationName' ? '' : `${field} `), name);
    }
  });

  test('has refused entries alone, first, last and between others', () => {
    const places = rows.flatMap(({ row: { sources } }) => {
      if (sources.kind !== 'bad' || sources.flaw !== 'app.cidr.rejected') return [];
      const at = sources.entries.findIndex((entry) => !/^203\.0\.113\.\d+\/32$/.test(entry));
      return [`${at} of ${sources.entries.length}`];
    });
    for (const place of ['0 of 1', '0 of 3', '1 of 3', '2 of 3', '24 of 25'])
      assert.ok(places.includes(place), place);
  });

  test('has each rule that decides as a merge patch, too', () => {
    const merged = rows.filter(({ row }) => row.type === 'merge patch');
    assert.ok(merged.every(({ rule }) => rule === 'app.patch.merge-patch'));
    assert.ok(merged.some(({ granted }) => granted !== undefined));
    assert.ok(merged.some(({ granted }) => granted === undefined));
  });
});
