import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { oneOf, readCommandLine, wholeNumber } from './command_line.ts';
import { HarnessError } from './verdict.ts';

function refused(what: () => unknown): string {
  try {
    what();
  } catch (error) {
    if (error instanceof HarnessError) return error.message;
    throw error;
  }
  return 'nothing was refused';
}

const OPTIONS = { out: { type: 'string', default: 'here' } } as const;

function read(argv: readonly string[]): string {
  return readCommandLine('npm run it --', argv, { options: OPTIONS }).values.out;
}

describe('a command line', () => {
  test('gives the values of the flags, and defaults for the others', () => {
    assert.equal(read([]), 'here');
    assert.equal(read(['--out', 'there']), 'there');
    assert.equal(read(['--out=there']), 'there');
  });

  const wrong: readonly (readonly [argv: string[], said: string])[] = [
    [['--frogs'], "Unknown option '--frogs'; npm run it -- --help lists the options"],
    [['--out', '--frogs'], "Option '--out' argument is ambiguous; npm run it -- --help lists the options"],
    [['--out'], "Option '--out <value>' argument missing; npm run it -- --help lists the options"],
    [['word'], "Unexpected argument 'word'; npm run it -- --help lists the options"],
  ];
  for (const [argv, said] of wrong) {
    test(`that says ${argv.join(' ')} is told what is wrong`, () => {
      assert.equal(
        refused(() => read(argv)),
        said,
      );
    });
  }
});

describe('the value of a flag', () => {
  test('is a whole number within its bounds', () => {
    assert.equal(wholeNumber('--n', '1', 1, 64), 1);
    assert.equal(wholeNumber('--n', '64', 1, 64), 64);
    for (const text of ['0', '65', '-1', '1.5', '1e1', '0x10', ' 7', '', 'many'])
      assert.equal(
        refused(() => wholeNumber('--n', text, 1, 64)),
        `--n takes a whole number from 1 to 64, not "${text}"`,
      );
  });

  test('is one of its choices', () => {
    assert.equal(oneOf('--of', ['a', 'b'], 'b'), 'b');
    assert.equal(
      refused(() => oneOf('--of', ['a', 'b'], 'c')),
      '--of takes one of a, b, not "c"',
    );
  });
});
