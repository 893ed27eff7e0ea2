import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import type { MutantOutcome } from './mutant_outcome.ts';
import { areMutantsFound, scoreOf, writeMutantReports } from './mutants.ts';

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

function found(...mutants: MutantOutcome[]): boolean {
  return areMutantsFound({ scope: '', mutants, seconds: 1 });
}

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
    assert.ok(found(killed, equivalent));
    for (const one of [survived, unreached, outcome(5, 'broken')]) assert.ok(!found(killed, one));
  });

  test('mutants.json says what killed each, and what reached the survivors', () => {
    const mutants = [killed, survived, unreached, equivalent];
    const { json } = writeMutantReports({ scope: 'all decision code', mutants, seconds: 12.3 }, folder);
    const written = JSON.parse(readFileSync(json, 'utf8'));
    assert.equal(written.score, 33.3);
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
    const { page } = writeMutantReports({ scope: 'all', mutants: [killed, survived], seconds: 1 }, folder);
    const html = readFileSync(page, 'utf8');
    assert.match(html, /a &lt;= b/);
    assert.doesNotMatch(html, /a <= b/);
    assert.ok(html.indexOf('<h2>Not found</h2>') < html.indexOf('<h2>Killed</h2>'));
    assert.match(html, /<td>1<\/td><td>1<\/td><td>0<\/td>/);
  });
});
