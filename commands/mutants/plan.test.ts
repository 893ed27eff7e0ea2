import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { DecisionFile } from '../../mutants/lists.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import type { SurveyedScenario } from './job.ts';
import { chosenFiles, isAsked, reachedBy } from './plan.ts';

const POLICY: DecisionFile = {
  file: 'impl/edge/policy.ts',
  reason: 'Decides.',
  rules: ['sip.auth', 'sip'],
  remembers: false,
};
const LOOP: DecisionFile = {
  file: 'impl/edge/loop.ts',
  reason: 'Loops.',
  rules: ['sip.loop'],
  remembers: false,
};
const NOTHING = { file: [], mutant: undefined, changed: false };

function mutant(number: string, file = POLICY.file): Mutant {
  const id = `${file}:${number}:1`;
  return { id, number, file, line: 1, mutator: 'Regex', code: '', original: '', replacement: '' };
}

function scenario(place: string, rule: string, durationMs: number, ...reached: string[]): SurveyedScenario {
  return { place, rule, name: place, verdict: 'passed', reason: '', durationMs, reached };
}

function never(): never {
  assert.fail('nobody asked for what has changed');
}

describe('which files are mutated', () => {
  const files = [POLICY, LOOP];

  test('all, one of them, that of a mutant, or those that changed', () => {
    assert.deepEqual(chosenFiles(files, NOTHING, never), files);
    assert.deepEqual(chosenFiles(files, { ...NOTHING, file: [LOOP.file] }, never), [LOOP]);
    assert.deepEqual(chosenFiles(files, { ...NOTHING, mutant: `${POLICY.file}:7` }, never), [POLICY]);
    const changed = (): string[] => ['README.md', LOOP.file];
    assert.deepEqual(chosenFiles(files, { ...NOTHING, changed: true }, changed), [LOOP]);
  });

  test('a file that is not in the list is refused, with the list', () => {
    assert.throws(() => chosenFiles(files, { ...NOTHING, file: [LOOP.file, 'impl/main.ts'] }, never), {
      message:
        'impl/main.ts is not mutated (mutants/decision_code.yaml). These are: impl/edge/policy.ts, impl/edge/loop.ts',
    });
  });
});

test('a mutant is asked for by its id, or by the file, line and column it begins with', () => {
  for (const asked of [undefined, 'a.ts:12', 'a.ts:12:7', 'a.ts:12:7-2'])
    assert.ok(isAsked('a.ts:12:7-2', asked));
  for (const asked of ['a.ts:1', 'a.ts:12:7-3', 'b.ts']) assert.ok(!isAsked('a.ts:12:7-2', asked));
});

describe('which scenarios are run against a mutant', () => {
  const scenarios = [
    scenario('other', 'app.envelope', 1, '1'),
    scenario('slow', 'sip.auth.accepted', 900, '1', '2'),
    scenario('quick', 'sip.auth.accepted', 30, '1'),
    scenario('near', 'sip.hops', 1, '1'),
    scenario('elsewhere', 'sip.auth', 1, '3'),
  ];
  const found = { atStart: new Set(['4']), scenarios };
  const all = [mutant('1'), mutant('2'), mutant('3', LOOP.file), mutant('4')];
  const places = (one: Mutant): string[] =>
    reachedBy(one, { files: [POLICY, LOOP], all, found }).scenarios.map(({ place }) => place);

  test('those that reach it, the nearest rule first, and of a rule the quickest', () => {
    assert.deepEqual(places(mutant('1')), ['quick', 'slow', 'near', 'other']);
    assert.deepEqual(places(mutant('2')), ['slow']);
    assert.deepEqual(places(mutant('5')), []);
  });

  test('of rules that its file does not serve only the quickest', () => {
    const far = [scenario('long', 'app.text', 10_000, '1'), scenario('longer', 'app.text', 10_001, '1')];
    const reached = reachedBy(mutant('1'), {
      files: [POLICY, LOOP],
      all,
      found: { ...found, scenarios: [...scenarios, ...far] },
    });
    assert.deepEqual(
      reached.scenarios.map(({ place }) => place),
      ['quick', 'slow', 'near', 'other', 'long'],
    );
  });

  test('all of its rules, and a process of its own, if its code goes by what it did before', () => {
    const reached = reachedBy(mutant('1'), { files: [{ ...POLICY, remembers: true }, LOOP], all, found });
    assert.equal(reached.isAlone, true);
    assert.deepEqual(
      reached.scenarios.map(({ place }) => place),
      ['elsewhere', ...places(mutant('1'))],
    );
  });

  test('those of its rules and those that reach its file, if its code runs at the start', () => {
    assert.deepEqual(places(mutant('4')), ['elsewhere', 'quick', 'slow', 'near', 'other']);
  });
});
