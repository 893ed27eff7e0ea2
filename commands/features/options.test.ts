import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { readOptions, without } from './options.ts';

function seedOf(...argv: readonly string[]): number | undefined {
  const options = readOptions(argv);
  return options === 'help' ? undefined : options.seed;
}

describe('readOptions', () => {
  test('takes the seed that is given, and makes another one each time where none is', () => {
    assert.equal(seedOf('--seed', '4294967295'), 4_294_967_295);
    assert.ok(new Set([seedOf(), seedOf(), seedOf()]).size > 1);
  });
});

describe('without', () => {
  const lines: readonly (readonly [line: readonly string[], left: readonly string[]])[] = [
    [
      ['--seed', '3', '--tags', '@a.b', '--repeat=20', '--brief'],
      ['--tags', '@a.b'],
    ],
    [['--tags=--seed', '--seed=3'], ['--tags=--seed']],
    [
      ['--parallel', '3'],
      ['--parallel', '3'],
    ],
    [[], []],
  ];
  for (const [line, left] of lines) {
    test(`leaves "${left.join(' ')}" of "${line.join(' ')}"`, () => {
      assert.deepEqual(without(line, 'seed', 'repeat', 'brief'), left);
    });
  }
});
