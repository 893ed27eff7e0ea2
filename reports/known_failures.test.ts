import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { loadRules } from '../harness/rules.ts';
import type { KnownFailure } from '../harness/target/descriptor.ts';
import { VERDICTS } from '../harness/verdict.ts';
import type { NamedScenario } from './feature_index.ts';
import { knownFailureProblems, knownFailureOf, passesNow, standingOf } from './known_failures.ts';

function scenario(ruleId: string, outline: string, name = outline): NamedScenario {
  return { ruleId, name, outline };
}

const OPTIONS = scenario('sip.tcp', 'Liveness');
const CALL = scenario('sip.tcp', 'From INVITE to BYE');
const ROWS = [
  scenario('app.errors', 'Wrong <field>', 'Wrong name [1]'),
  scenario('app.errors', 'Wrong <field>', 'Wrong name [2]'),
];
const ALL = [OPTIONS, CALL, ...ROWS, scenario('sip.challenge', 'Liveness')];

const WHOLE_RULE = { rule: 'sip.tcp', reason: 'no TCP yet' };
const ONE_SCENARIO = { rule: 'sip.tcp', scenario: 'Liveness', reason: 'TCP answers late' };

describe('knownFailureOf', () => {
  const entries = [WHOLE_RULE, ONE_SCENARIO];

  test('prefers the entry that names the scenario to one for its rule, in either order', () => {
    for (const listed of [entries, entries.toReversed()]) {
      assert.equal(knownFailureOf(listed, OPTIONS), ONE_SCENARIO);
      assert.equal(knownFailureOf(listed, CALL), WHOLE_RULE);
    }
  });

  test('knows a row by its own name, and all of them by that of their outline', () => {
    const [row, other] = ROWS;
    assert.ok(row && other);
    const byOutline = { rule: 'app.errors', scenario: 'Wrong <field>', reason: 'r' };
    const byRow = { ...byOutline, scenario: 'Wrong name [2]' };
    assert.equal(knownFailureOf([byOutline], row), byOutline);
    assert.equal(knownFailureOf([byRow], row), undefined);
    assert.equal(knownFailureOf([byRow], other), byRow);
  });

  test('is none for a scenario of that name under another rule, or under none', () => {
    assert.equal(knownFailureOf(entries, scenario('sip.challenge', 'Liveness')), undefined);
    assert.equal(knownFailureOf(entries, { ...OPTIONS, ruleId: undefined }), undefined);
  });
});

describe('standingOf', () => {
  test('is failed with one failure, passed when all of it ran and passed, else not judged', () => {
    const ends = fc.option(fc.constantFrom(...VERDICTS), { nil: undefined });
    fc.assert(
      fc.property(fc.tuple(ends, ends), fc.boolean(), (verdicts, whole) => {
        const entry: KnownFailure = whole ? WHOLE_RULE : ONE_SCENARIO;
        const results = [OPTIONS, CALL].flatMap((one, at) => {
          const verdict = verdicts[at];
          return verdict === undefined ? [] : [{ ...one, verdict }];
        });
        const seen = whole ? verdicts : verdicts.slice(0, 1);
        const expected = seen.includes('failed')
          ? 'failed'
          : seen.every((verdict) => verdict === 'passed')
            ? 'passed'
            : 'not judged';
        assert.deepEqual(standingOf(entry, results, ALL), { ...entry, standing: expected });
      }),
    );
  });

  test('is not judged where the features hold nothing of it', () => {
    assert.equal(standingOf({ rule: 'dns.a', reason: 'r' }, [], ALL).standing, 'not judged');
  });
});

describe('passesNow', () => {
  test('names the rule, the scenario where there is one, and the mend', () => {
    const mend = "passes now: take it off the list (knownFailures in the target's descriptor)";
    assert.equal(passesNow(WHOLE_RULE), `known failure sip.tcp ${mend}`);
    assert.equal(passesNow(ONE_SCENARIO), `known failure sip.tcp, "Liveness" ${mend}`);
  });
});

describe('knownFailureProblems', () => {
  const catalogue = loadRules();

  test('accepts entries that name a rule, a scenario of it, an outline or a row', () => {
    const entries = [
      WHOLE_RULE,
      ONE_SCENARIO,
      { rule: 'app.errors', scenario: 'Wrong <field>', reason: 'r' },
      { rule: 'app.errors', scenario: 'Wrong name [2]', reason: 'r' },
    ];
    assert.deepEqual(knownFailureProblems(entries, catalogue, ALL), []);
  });

  const wrong: readonly (readonly [what: string, entry: KnownFailure, field: string, message: string])[] = [
    [
      'of a rule that does not exist',
      { rule: 'sip.tpc', reason: 'r' },
      'rule',
      'no rule has the id "sip.tpc": take one of features/rules.yaml',
    ],
    [
      'of a rule that no scenario speaks of',
      { rule: 'dns.a', reason: 'r' },
      'rule',
      'no scenario speaks of dns.a, so it cannot fail: take the entry off',
    ],
    [
      'of a scenario that the rule has not',
      { rule: 'sip.tcp', scenario: 'Wrong <field>', reason: 'r' },
      'scenario',
      'sip.tcp has no scenario "Wrong <field>": it has "Liveness", "From INVITE to BYE"',
    ],
  ];
  for (const [what, entry, field, message] of wrong)
    test(`tells of an entry ${what}, with its place and the mend`, () =>
      assert.deepEqual(knownFailureProblems([WHOLE_RULE, entry], catalogue, ALL), [
        { path: ['knownFailures', 1, field], message },
      ]));

  test('reports a repeated entry once', () => {
    const again = { ...ONE_SCENARIO, reason: 'another' };
    assert.deepEqual(knownFailureProblems([ONE_SCENARIO, WHOLE_RULE, again], catalogue, ALL), [
      { path: ['knownFailures', 2], message: 'sip.tcp, "Liveness" is there twice: take one off' },
    ]);
  });
});
