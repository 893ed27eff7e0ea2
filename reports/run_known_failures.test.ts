import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { z } from 'zod';

import { UNCOVERED_SUITE } from './allure_uncovered.ts';
import { resultOf, run, type AllureResult } from './fixtures/fixture_run.ts';

const categoriesSchema = z.array(
  z.object({
    name: z.string(),
    matchedStatuses: z.array(z.string()),
    messageRegex: z.string().optional(),
  }),
);

describe('a run of a target with known failures', () => {
  const BROKEN = { rule: 'sip.challenge', scenario: 'Breaks the rule', reason: 'ticket 7' };
  const NOT_DONE = { rule: 'dns.a', reason: 'no DNS yet' };
  const KEPT = { rule: 'sip.tcp', reason: 'no TCP yet' };

  for (const workers of [0, 2])
    test(`is not failed by them, and is not called conformant, ${workers} workers`, async () => {
      const known = await run('known', { workers, known: [BROKEN, NOT_DONE] });
      assert.equal(known.code, 0);
      assert.equal(known.model.verdict, 'known-failures');
      assert.deepEqual(known.model.knownFailures, [
        { ...BROKEN, standing: 'failed' },
        { ...NOT_DONE, standing: 'not judged' },
      ]);
      const rule = known.model.rules.find(({ id }) => id === 'sip.challenge');
      assert.deepEqual([rule?.verdict, rule?.knownFailure], ['failed', 'ticket 7']);
      assert.deepEqual(
        rule?.scenarios.map(({ name, verdict, knownFailure }) => [name, verdict, knownFailure]),
        [
          ['Breaks the rule', 'failed', 'ticket 7'],
          ['Passes', 'passed', undefined],
        ],
      );
      const { status, statusDetails, labels } = resultOf(known, 'Breaks the rule');
      assert.equal(status, 'failed');
      assert.match(statusDetails.message ?? '', /^known failure: ticket 7\nsip\.challenge: .*\nacceptable: /);
      assert.ok(labels.some(({ name, value }) => name === 'tag' && value === 'known failure'));
      assert.match(known.junit, /<skipped message="known failure: ticket 7">Then the target answers 200/);
      assert.match(known.junit, /<testsuites [^>]*tests="4" failures="0" errors="0" time=/);
      assert.doesNotMatch(known.stdout, /FAILED/);
      assert.match(known.stdout, /\n\nknown to fail\n {2}ticket 7\n {4}sip\.challenge: Breaks the rule\n\n/);
      assert.match(known.stdout, /^known: not conformant, in nothing but what it is known to fail \(/m);
      assert.match(known.stdout, /^4\/4, 1 known to fail {2}reports\/fixtures.*\b1 known to fail\b.*$/m);
    });

  test('is failed by one that passes, which is reported with its name and the mend', async () => {
    const outlived = await run('known', { known: [BROKEN, KEPT] });
    assert.equal(outlived.code, 1);
    assert.equal(outlived.model.verdict, 'nonconformant');
    assert.deepEqual(
      outlived.model.knownFailures.map(({ standing }) => standing),
      ['failed', 'passed'],
    );
    const message =
      "known failure sip.tcp passes now: take it off the list (knownFailures in the target's descriptor)";
    assert.ok(outlived.stdout.includes(`\nFAILED ${message}\n  listed     no TCP yet\n`), outlived.stdout);
    const { status, statusDetails } = resultOf(outlived, 'sip.tcp');
    assert.deepEqual([status, statusDetails.message], ['failed', message]);
    assert.match(
      outlived.junit,
      /^ {2}<testsuite name="known failures that pass" tests="1" failures="1" .*\n {4}<testcase classname="sip\.tcp" .*><failure message="known failure sip\.tcp passes now: /m,
    );
    assert.match(outlived.junit, /<testsuites [^>]*tests="5" failures="1" errors="0" time=/);
  });

  test('puts each result that is no pass into one Allure category', async () => {
    const { allure, out } = await run('known', { known: [BROKEN, KEPT] });
    const file = join(out, 'allure-results', 'categories.json');
    const categories = categoriesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const categoriesOf = ({ status, statusDetails }: AllureResult): string[] =>
      categories
        .filter(({ matchedStatuses, messageRegex = '.*' }) => {
          const message = new RegExp(`^(?:${messageRegex})$`, 's');
          return matchedStatuses.includes(status ?? 'unknown') && message.test(statusDetails.message ?? '');
        })
        .map(({ name }) => name);
    const names = categories.map(({ name }) => name);
    assert.deepEqual(names, names.toSorted(), 'in the order the report gives them');
    const found = allure
      .filter(({ status }) => status !== 'passed')
      .map((result) => [result.name, categoriesOf(result)] as const);
    assert.deepEqual(Object.fromEntries(found), {
      'Breaks the rule': ['Known failure'],
      Skipped: ['Skipped'],
      'sip.tcp': ['Failure that no longer occurs'],
    });
    const all = await run('outcomes');
    assert.deepEqual(categoriesOf(resultOf(all, 'Breaks the rule')), ['Broken rule']);
    assert.deepEqual(categoriesOf(resultOf(all, 'Throws')), ['Harness error']);
    assert.deepEqual(categoriesOf(resultOf(all, 'Inconclusive')), ['Inconclusive']);
    assert.ok(all.uncovered.length > 0);
    for (const result of all.uncovered) assert.deepEqual(categoriesOf(result), [UNCOVERED_SUITE]);
  });

  test('is failed by what is not on the list, and reports that first', async () => {
    const unexpected = await run('known', { known: [{ ...BROKEN, scenario: 'Passes' }] });
    assert.equal(unexpected.code, 1);
    const rule = unexpected.model.rules.find(({ id }) => id === 'sip.challenge');
    assert.deepEqual([rule?.verdict, rule?.knownFailure], ['failed', undefined]);
    assert.match(
      unexpected.stdout,
      /\nFAILED sip\.challenge: [\s\S]*\nFAILED known failure sip\.challenge, "Passes" passes now/,
    );
  });

  test('is an error where one of them is an error: that comes from the harness and cannot be known beforehand', async () => {
    const entry = { rule: 'sip.loop', reason: 'loops are not detected' };
    const { code, model, junit } = await run('outcomes', { known: [entry] });
    assert.equal(code, 2);
    assert.deepEqual(model.knownFailures, [{ ...entry, standing: 'not judged' }]);
    assert.equal(model.counts.scenarios.error, 9);
    assert.doesNotMatch(junit, /known failure/);
  });
});
