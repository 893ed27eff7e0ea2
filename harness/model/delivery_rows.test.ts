import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { DELIVERY_RULES, titleOf } from './delivery.ts';
import { deliveryRows } from './delivery_rows.ts';

describe('the table of messages', () => {
  const rows = deliveryRows();

  test('has a row for each message of a rule with each cargo over each transport', () => {
    const names = new Set(rows.map(({ rule, name }) => `${rule} ${name}`));
    assert.equal(names.size, rows.length);
    for (const { rule, course, cargoes, messages } of DELIVERY_RULES) {
      for (const cargo of cargoes) {
        for (const message of messages) {
          const some = rows.filter(
            (row) =>
              row.rule === rule && row.course === course && row.cargo === cargo && row.message === message,
          );
          assert.deepEqual(
            [...new Set(some.map(({ transport }) => transport))],
            ['UDP', 'TCP'],
            titleOf(message),
          );
        }
      }
    }
  });

  test('has every way to write and every company in what each rule judges', () => {
    for (const [rule, some] of Map.groupBy(rows, (row) => row.rule)) {
      assert.equal(new Set(some.map(({ names }) => names)).size, 3, rule);
      assert.ok(new Set(some.map(({ blanks }) => blanks)).size >= 3, rule);
      assert.equal(new Set(some.map(({ company }) => company)).size, 7, rule);
    }
  });

  test('puts no blanks before colons where the stand-in has to read the names', () => {
    const read = rows.filter(({ message }) => !message.isInDialog);
    assert.ok(read.every(({ blanks }) => blanks !== 'blanks around colons'));
  });
});
