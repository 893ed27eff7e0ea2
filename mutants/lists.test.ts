import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { loadRules } from '../harness/rules.ts';
import {
  assertEquivalencesFit,
  decisionFiles,
  equivalenceOf,
  equivalences,
  type Equivalence,
} from './lists.ts';
import type { Mutant } from './mutant.ts';

const MUTANT: Mutant = {
  id: 'impl/edge/policy.ts:3:5',
  number: '7',
  file: 'impl/edge/policy.ts',
  line: 3,
  mutator: 'ConditionalExpression',
  code: 'if (a === b) return;',
  original: 'a === b',
  replacement: 'true',
};
const REASON = 'Both are the same.';

function entry(fields: Partial<Equivalence>): Equivalence {
  return { file: MUTANT.file, reason: REASON, ...fields };
}

describe('the lists', () => {
  test('are well formed, and name rules that exist', () => {
    const rules = [...loadRules().keys()];
    for (const { file, rules: named } of decisionFiles()) {
      for (const beginning of named) {
        const isThere = rules.some((rule) => rule === beginning || rule.startsWith(`${beginning}.`));
        assert.ok(isThere, `${file}: ${beginning}`);
      }
    }
    const files = new Set(decisionFiles().map(({ file }) => file));
    for (const { file } of equivalences()) assert.ok(files.has(file), file);
  });
});

describe('an entry for equivalent mutants', () => {
  test('means the mutants that have all its texts', () => {
    assert.equal(equivalenceOf(MUTANT, [entry({ original: ['a === b'] })]), REASON);
    assert.equal(equivalenceOf(MUTANT, [entry({ original: ['c', 'a === b'], replacement: 'true' })]), REASON);
    assert.equal(equivalenceOf(MUTANT, [entry({ original: ['a === b'], replacement: 'false' })]), undefined);
    assert.equal(
      equivalenceOf(MUTANT, [entry({ file: 'impl/edge/loop.ts', original: ['a === b'] })]),
      undefined,
    );
  });

  test('that fits no mutant is an error, and so is a text that fits none', () => {
    assertEquivalencesFit([entry({ original: ['a === b'] })], [MUTANT]);
    assert.throws(() => assertEquivalencesFit([entry({ code: ['if (a) return;'] })], [MUTANT]), {
      message:
        'mutants/equivalent.yaml has entries that fit no mutant; mend or remove them:\n  impl/edge/policy.ts: Both are the same.',
    });
    assert.throws(
      () => assertEquivalencesFit([entry({ original: ['a === b', 'c'] })], [MUTANT]),
      /\n {2}impl\/edge\/policy\.ts: original c$/,
    );
  });

  test('is not looked at if its file is not mutated in this run', () => {
    assertEquivalencesFit([entry({ file: 'impl/edge/loop.ts', code: ['x'] })], [MUTANT]);
  });
});
