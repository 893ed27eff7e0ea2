import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { decisionRows, type TableRow } from './decision_rows.ts';

describe('the decision table', () => {
  const rows = decisionRows(['id', 'uri']);

  test('has a row for each combination, each with a name of its own', () => {
    assert.equal(rows.length, 3178);
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    assert.equal(new Set(rows.map(({ row }) => JSON.stringify(row))).size, rows.length);
  });

  test('names a row by its coordinates', () => {
    const form =
      /^[a-z ]+(; region (US|EU) only)?; caller (US|EU|elsewhere); (called by \w+|Request-URI \w+, To \w+); (no credentials|credentials of \w+( without qop)?: [a-z, ]+)(; Via with [a-z' ]+)?(; invented To tag)?(; second INVITE)?(; over TCP)?$/;
    for (const { name } of rows) assert.match(name, form);
  });

  test('has every value of every mixed dimension in what each rule decides', () => {
    for (const [rule, some] of Map.groupBy(rows, (one) => one.rule)) {
      for (const dimension of ['transport', 'via', 'cseq'] as const) {
        const values = (of: readonly TableRow[]): Set<unknown> =>
          new Set(of.map(({ row }) => row[dimension]));
        assert.deepEqual(values(some), values(rows), `${rule} ${dimension}`);
      }
    }
  });

  test('speaks of no form of the name that the target does not take', () => {
    const byId = decisionRows(['id']);
    assert.ok(byId.length > 1000 && byId.length < rows.length);
    assert.ok(byId.every(({ row }) => ![row.requestUri, row.to, row.user].includes('uri')));
  });
});
