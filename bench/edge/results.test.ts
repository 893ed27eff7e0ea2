import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { chart } from './chart.ts';
import { median, overRounds, type EdgeBench, type Run } from './results.ts';
import { tableText } from './table.ts';
import { shares } from './traffic.ts';

const OURS = { cpuMicrosPerCall: 300, failed: 0, retransmitted: 2, memoryOctets: 3 * 2 ** 20 };
const THEIRS = { cpuMicrosPerCall: 400, failed: 1, retransmitted: 0, memoryOctets: 2 ** 20 };
const RUN: Run = { load: 'authenticated-call', rate: 1000, ours: OURS, kamailio: THEIRS, ratio: 0.75 };
const ALONE: Run = { load: 'options', rate: 500, ours: OURS, kamailio: null, ratio: null };

describe('rounds', () => {
  test('are summed up as the median CPU time, the sum of failures and the most memory', () => {
    const rounds = [9, 1, 2].map((number) => ({
      cpuMicrosPerCall: number,
      failed: 1,
      retransmitted: 2,
      memoryOctets: number,
    }));
    const all = { cpuMicrosPerCall: 2, failed: 3, retransmitted: 6, memoryOctets: 9 };
    assert.deepEqual(overRounds(rounds), all);
  });

  test('have the mean of the middle two as their median if even in number, and no median if there are none', () => {
    assert.equal(median([4, 1, 2, 9]), 3);
    assert.throws(() => median([]), /no median/);
  });
});

describe('the load', () => {
  test('is shared by as few processes as can send it, and nothing is lost', () => {
    assert.deepEqual(shares(500, 500), [500]);
    assert.deepEqual(shares(1000, 300), [250, 250, 250, 250]);
    assert.deepEqual(shares(1001, 500), [334, 334, 333]);
    assert.deepEqual(shares(1, 500), [1]);
  });

  test('is refused if there are too few addresses', () => {
    assert.throws(() => shares(1_000_000, 500), /2000 SIPp processes; there are 100 addresses/);
  });
});

describe('the table', () => {
  const results: EdgeBench = {
    runs: [RUN, ALONE],
    maximum: {
      'ip-only-call': { ours: 0, kamailio: 2000, limits: { ours: 'at 1000/s: 1 of 5 calls failed' } },
    },
    memory: {
      dialogs: 1024,
      ours: { before: 2 ** 20, open: 4 * 2 ** 20, settled: 3 * 2 ** 20, failed: 0 },
      kamailio: { before: 2 ** 20, open: 2 * 2 ** 20, settled: null, failed: 0 },
    },
    micro: { parse: 2.5 },
    machine: {
      cpu: 'a processor',
      cores: 2,
      memoryOctets: 1,
      kernel: '6',
      node: 'v24',
      kamailio: null,
      rounds: 1,
      seconds: 3,
      workers: 1,
      date: '2026-11-21T00:00:00.000Z',
    },
  };
  const rowOf = (name: string): string[] =>
    (
      tableText(results)
        .split('\n')
        .find((line) => line.startsWith(name)) ?? ''
    ).split(/ {2,}/);

  test('has a row for each load and rate, with dashes for a server that did not run', () => {
    assert.deepEqual(rowOf('authenticated-call'), [
      'authenticated-call',
      '1000',
      '300',
      '0',
      '2',
      '3.0',
      '400',
      '1',
      '0',
      '1.0',
      '0.75',
    ]);
    assert.deepEqual(rowOf('options'), ['options', '500', '300', '0', '2', '3.0', '-', '-', '-', '-', '-']);
  });

  test('says what a dialog costs: the memory that remains when transactions are gone', () => {
    assert.deepEqual(rowOf('ours '), ['ours', '1.0', '4.0', '3.0', '2.00', '0']);
    assert.deepEqual(rowOf('Kamailio, with'), ['Kamailio, with dialogs', '1.0', '2.0', '-', '1.00', '0']);
  });

  test('says why a maximum is 0', () => {
    assert.match(tableText(results), /^ip-only-call, ours: at 1000\/s: 1 of 5 calls failed$/m);
  });
});

/** The heights of the bars of a colour. */
const heights = (svg: string, colour: string): number[] =>
  [...svg.matchAll(new RegExp(`height="([\\d.]+)" fill="${colour}"/>`, 'g'))].map(([, height]) =>
    Number(height),
  );

describe('the chart', () => {
  test('has bars as high as the values, within the panel', () => {
    const svg = chart([RUN]);
    const [ours] = heights(svg, '#1f6feb');
    const [theirs] = heights(svg, '#8c959f');
    assert.equal(ours, 150);
    assert.equal(theirs, 200);
    assert.match(svg, />× 0\.75</);
  });

  test('leaves out a server that did not run', () => {
    const svg = chart([ALONE]);
    assert.deepEqual(heights(svg, '#8c959f'), []);
    assert.equal(heights(svg, '#1f6feb').length, 1);
    assert.doesNotMatch(svg, /×/);
  });
});
