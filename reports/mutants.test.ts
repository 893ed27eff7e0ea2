import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { earlierMutants } from './earlier_mutants.ts';
import { areMutantsFound, scoreOf, type MutantOutcome } from './mutant_outcome.ts';
import { writeMutantReports } from './mutants.ts';

const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
after(() => rmSync(folder, { recursive: true }));

function outcome(
  line: number,
  status: MutantOutcome['status'],
  more: Partial<MutantOutcome> = {},
): MutantOutcome {
  return {
    id: `impl/edge/policy.ts:${line}:1`,
    file: 'impl/edge/policy.ts',
    line,
    mutator: 'EqualityOperator',
    original: 'a < b',
    replacement: 'a <= b',
    status,
    killedBy: '',
    reason: '',
    reachedBy: [],
    ...more,
  };
}

const sources = { 'impl/edge/policy.ts': 'a digest' };

const killed = outcome(1, 'killed', { killedBy: 'features/a.feature:3', reason: 'acceptable: 403' });
const survived = outcome(2, 'survived', {
  reachedBy: ['features/a.feature:3 One', 'features/a.feature:9 Two'],
});
const unreached = outcome(3, 'unreached');
const equivalent = outcome(4, 'equivalent', { reason: 'Both are the same.' });

describe('what mutants come to', () => {
  test('the score leaves equivalent ones out, and counts those that nothing reaches', () => {
    assert.equal(scoreOf([killed, survived, unreached, equivalent, killed]), 50);
    assert.equal(scoreOf([equivalent]), 100);
  });

  test('all are found if each was killed or is equivalent', () => {
    assert.ok(areMutantsFound([killed, equivalent]));
    for (const one of [survived, unreached, outcome(5, 'broken')]) assert.ok(!areMutantsFound([killed, one]));
  });

  test('mutants.json says what killed each, and what reached the survivors', () => {
    const mutants = [killed, survived, unreached, equivalent];
    const { json } = writeMutantReports({ mutants, untried: 7, sources }, folder);
    const written = JSON.parse(readFileSync(json, 'utf8'));
    assert.equal(written.score, 33.3);
    assert.equal(written.untried, 7);
    const [first, second, third, fourth] = written.mutants;
    assert.deepEqual(first, {
      id: 'impl/edge/policy.ts:1:1',
      file: 'impl/edge/policy.ts',
      line: 1,
      mutator: 'EqualityOperator',
      original: 'a < b',
      replacement: 'a <= b',
      status: 'killed',
      killedBy: 'features/a.feature:3',
      reason: 'acceptable: 403',
    });
    assert.deepEqual(second.reachedBy, survived.reachedBy);
    assert.equal(third.status, 'unreached');
    assert.equal(fourth.reason, 'Both are the same.');
  });

  test('mutants.html shows the changes as text, and what was not found first', () => {
    const { page } = writeMutantReports({ mutants: [killed, survived], untried: 7, sources }, folder);
    const html = readFileSync(page, 'utf8');
    assert.match(html, /a &lt;= b/);
    assert.doesNotMatch(html, /a <= b/);
    assert.ok(html.indexOf('<h2>Not found</h2>') < html.indexOf('<h2>Killed</h2>'));
    assert.match(html, /<td>1<\/td><td>1<\/td><td>0<\/td>/);
    assert.match(html, /50\.0 % of 2 mutants killed, 0 more equivalent, 7 not tried yet/);
  });

  test('a later run reads what is said of files that are still the same', () => {
    const mutants = [
      killed,
      survived,
      equivalent,
      outcome(6, 'killed', { id: 'a', file: 'impl/changed.ts' }),
    ];
    const then = { ...sources, 'impl/changed.ts': 'another digest' };
    writeMutantReports({ mutants, untried: 0, sources: then }, folder);
    const earlier = earlierMutants(folder, { ...sources, 'impl/changed.ts': 'a digest' });
    assert.deepEqual([...earlier.values()], [killed, survived, equivalent]);
    assert.equal(earlierMutants(join(folder, 'nowhere'), sources).size, 0);
  });
});
