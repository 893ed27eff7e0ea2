import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { CoordinatorTransformValues } from '@cucumber/cucumber/api';

import { inSeededOrder } from './scenario_order.ts';

type Scenarios = CoordinatorTransformValues['pickles:order'];

/** Lines of scenarios with a tag of that name. */
const TAGGED = { long: 1_000, last: 1_001, alone: 1_002, longest: 1_003 };

/** Scenarios of one feature, a line each. */
function scenarios(...lines: readonly (number | keyof typeof TAGGED)[]): Scenarios {
  return lines.map((line, index) => ({
    pickle: {
      id: String(index),
      uri: 'a.feature',
      name: String(line),
      language: 'en',
      steps: [],
      tags: typeof line === 'string' ? [{ name: `@${line}`, astNodeId: '' }] : [],
      astNodeIds: [],
    },
    gherkinDocument: { comments: [] },
    location: { line: typeof line === 'string' ? TAGGED[line] : line },
  }));
}

function names(of: Scenarios): string[] {
  return of.map(({ pickle }) => pickle.name);
}

const ALL = Array.from({ length: 50 }, (_, index) => index + 1);

describe('inSeededOrder', () => {
  test('is the same for equal seeds, in whatever order the scenarios were found, and another for others', () => {
    const order = names(inSeededOrder(scenarios(...ALL), 7));
    assert.deepEqual(names(inSeededOrder(scenarios(...ALL.toReversed()), 7)), order);
    assert.notDeepEqual(names(inSeededOrder(scenarios(...ALL), 8)), order);
    assert.deepEqual(
      order.toSorted((a, b) => Number(a) - Number(b)),
      ALL.map(String),
    );
  });

  test('of some scenarios is the order they have among all', () => {
    const some = ALL.filter((line) => line % 3 === 0);
    const among = names(inSeededOrder(scenarios(...ALL), 7)).filter((line) => Number(line) % 3 === 0);
    assert.deepEqual(names(inSeededOrder(scenarios(...some), 7)), among);
  });

  test('begins with the longest and the long ones, and ends with those that measure, then those that run alone, whatever the seed', () => {
    for (const seed of ALL) {
      const order = names(inSeededOrder(scenarios(1, 'alone', 2, 'last', 3, 'long', 4, 5, 'longest'), seed));
      assert.deepEqual([...order.slice(0, 2), ...order.slice(-2)], ['longest', 'long', 'last', 'alone']);
    }
  });
});
