import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import type { Equivalence } from '../../mutants/lists.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import type { MutantOutcome } from '../../reports/mutant_outcome.ts';
import { writeMutantReports } from '../../reports/mutants.ts';
import { Ledger } from './ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
after(() => rmSync(folder, { recursive: true }));

function mutant(line: number): Mutant {
  const file = 'impl/edge/policy.ts';
  const facts = { mutator: 'Regex', code: `line ${line}`, original: 'a', replacement: 'b' };
  return { id: `${file}:${line}:1`, number: String(line), file, line, ...facts };
}

function outcome(of: Mutant, status: MutantOutcome['status']): MutantOutcome {
  return { ...of, status, killedBy: '', reason: '', reachedBy: [] };
}

const [first, second, third, fourth] = [mutant(1), mutant(2), mutant(3), mutant(4)];
const all = [first, second, third, fourth];
const mark: Equivalence = {
  file: third.file,
  code: [third.code],
  mutator: undefined,
  original: undefined,
  reason: 'Nothing tells them apart.',
};

function ledger(): Ledger {
  return new Ledger({ all, marks: [mark], folder });
}

function statuses(of: Ledger): string[] {
  return of.results().mutants.map(({ line, status }) => `${line} ${status}`);
}

function lines(mutants: readonly Mutant[]): number[] {
  return mutants.map(({ line }) => line);
}

describe('what is known of the mutants', () => {
  test('nothing but the marks, before anything was tried', () => {
    assert.deepEqual(statuses(ledger()), ['3 equivalent']);
    assert.equal(ledger().results().untried, 3);
  });

  test('what an earlier run found holds until it is tried again', () => {
    const earlier = ledger();
    earlier.enter(outcome(second, 'survived'));
    earlier.enter(outcome(first, 'killed'));
    writeMutantReports(earlier.results(), folder);
    const later = ledger();
    assert.deepEqual(statuses(later), ['1 killed', '2 survived', '3 equivalent']);
    assert.equal(later.results().untried, 1);
    later.enter(outcome(second, 'killed'));
    assert.deepEqual(statuses(later), ['1 killed', '2 killed', '3 equivalent']);
  });

  test('marked ones are not tried, except by their id; killed ones are, unless the run continues', () => {
    const later = ledger();
    assert.deepEqual(lines(later.toBeTried(all, { mutant: undefined, continues: false })), [4, 1, 2]);
    assert.deepEqual(lines(later.toBeTried(all, { mutant: undefined, continues: true })), [4, 2]);
    assert.deepEqual(lines(later.toBeTried([third], { mutant: third.id, continues: false })), [3]);
  });
});
