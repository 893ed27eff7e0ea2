import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { HarnessError } from '../../harness/verdict.ts';
import { readFloodOptions } from './options.ts';

describe('the flags of the flood bench', () => {
  test('default to a minute', () => {
    const options = readFloodOptions([]);
    assert.ok(options !== 'help');
    assert.equal(options.seconds, 60);
    assert.deepEqual(options.rates, {
      garbage: 1000,
      invites: 500,
      options: 1000,
      largeOptions: 400,
      largeInvites: 400,
      connections: 200,
    });
    assert.equal(options.heap, undefined);
    assert.equal(readFloodOptions(['--help']), 'help');
  });

  const wrong: readonly (readonly [argv: string[], said: RegExp])[] = [
    [['--seconds', '5'], /^--seconds takes a whole number from 10 to 3600, not "5"$/],
    [['--garbage', '1e9'], /^--garbage takes a whole number from 0 to 20000, not "1e9"$/],
    [['--workers', '0'], /^--workers takes a whole number from 1 to 16, not "0"$/],
    [['--heap', '1'], /^--heap takes a whole number from 64 to 65536, not "1"$/],
    [['--frogs'], /--frogs.*npm run bench -- flood --help lists the options$/],
  ];
  for (const [argv, said] of wrong) {
    test(`refuse ${argv.join(' ')}`, () => {
      assert.throws(
        () => readFloodOptions(argv),
        (error: unknown) => error instanceof HarnessError && said.test(error.message),
      );
    });
  }
});
