import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { HarnessError } from '../../harness/verdict.ts';
import { readApiOptions } from './options.ts';

describe('the flags of the API bench', () => {
  test('default to 200 requests a second and 100,000 applications', () => {
    const options = readApiOptions(['--out', 'elsewhere']);
    assert.deepEqual(options, { rate: 200, seconds: 20, applications: 100_000, folder: 'elsewhere' });
    assert.equal(readApiOptions(['--help']), 'help');
  });

  const wrong: readonly (readonly [argv: string[], said: RegExp])[] = [
    [['--rate', '1'], /^--rate takes a whole number from 2 to 5000, not "1"$/],
    [['--applications', 'many'], /^--applications takes a whole number from 100 to 1000000, not "many"$/],
    [['--frogs'], /--frogs.*npm run bench -- api --help lists the options$/],
  ];
  for (const [argv, said] of wrong) {
    test(`refuse ${argv.join(' ')}`, () => {
      assert.throws(
        () => readApiOptions(argv),
        (error: unknown) => error instanceof HarnessError && said.test(error.message),
      );
    });
  }
});
