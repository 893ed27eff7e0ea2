import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { decisionRows } from './decision_rows.ts';

describe('the decision table', () => {
  const rows = decisionRows(['id', 'uri']);

  test('has a row for each combination, each with a name of its own', () => {
    assert.equal(rows.length, 3036);
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    assert.equal(new Set(rows.map(({ row }) => JSON.stringify(row))).size, rows.length);
  });

  test('names a row by its coordinates', () => {
    const names = rows.map(({ name }) => name);
    const full =
      /^a password and a listed source asked for; region EU only; caller EU; called by (id|uri); credentials of \1: right, old nonce; Via with another customer's address; invented To tag$/;
    assert.equal(names.filter((name) => full.test(name)).length, 1);
    assert.ok(names.includes('a password asked for; caller US; Request-URI former, To uri; no credentials'));
  });

  test('calls by either form in every value of every dimension', () => {
    for (const dimension of ['region', 'caller', 'credentials', 'via', 'toTag', 'transport'] as const) {
      const live = rows.filter(
        ({ row }) => ['password', 'list', 'both'].includes(row.mode) && row.requestUri === row.to,
      );
      const byValue = Map.groupBy(live, ({ row }) => row[dimension]);
      for (const [value, some] of byValue) {
        const forms = new Set(some.map(({ row }) => row.requestUri));
        assert.ok(forms.has('id') && forms.has('uri'), `${dimension} ${value}`);
      }
    }
  });

  test('speaks of no form of the name that the target does not take', () => {
    const byId = decisionRows(['id']);
    assert.ok(byId.length > 1000 && byId.length < rows.length);
    assert.ok(byId.every(({ row }) => ![row.requestUri, row.to, row.user].includes('uri')));
  });
});
