import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { HarnessError } from '../../harness/verdict.ts';
import { readOptions, type EdgeBenchOptions } from './options.ts';

function read(...argv: string[]): EdgeBenchOptions {
  const options = readOptions(argv);
  assert.ok(options !== 'help');
  return options;
}

describe('the flags of the edge bench', () => {
  test('measure everything by default', () => {
    const { loads, rates, withKamailio, parts, rounds } = read();
    assert.deepEqual(loads, ['authenticated-call', 'ip-only-call', 'options', 'challenge']);
    assert.deepEqual(rates, [500, 1000, 2000]);
    assert.equal(withKamailio, true);
    assert.deepEqual([...parts], ['runs', 'maximum', 'memory', 'micro']);
    assert.ok(rounds > read('--quick').rounds);
  });

  test('choose loads, rates and parts', () => {
    const options = read(
      '--loads',
      'options, challenge',
      '--rates=750',
      '--skip',
      'micro,memory',
      '--ours-only',
    );
    assert.deepEqual(options.loads, ['options', 'challenge']);
    assert.deepEqual(options.rates, [750]);
    assert.deepEqual([...options.parts], ['runs', 'maximum']);
    assert.equal(options.withKamailio, false);
    assert.equal(readOptions(['--help']), 'help');
  });

  const wrong: readonly (readonly [argv: string[], said: RegExp])[] = [
    [['--loads', 'calls'], /^--loads takes one of authenticated-call, .*, not "calls"$/],
    [['--rates', '500,fast'], /^--rates takes a whole number from 1 to 20000, not "fast"$/],
    [['--rates', '0'], /^--rates takes/],
    [['--rounds', '-1'], /Option '--rounds'|^--rounds takes/],
    [['--skip', 'all'], /^--skip takes one of runs, maximum, memory, micro, not "all"$/],
    [['--turbo'], /--turbo.*--help lists the options$/],
  ];
  for (const [argv, said] of wrong) {
    test(`refuse ${argv.join(' ')}, and say what to write`, () => {
      assert.throws(
        () => readOptions(argv),
        (error) => error instanceof HarnessError && said.test(error.message),
      );
    });
  }
});
