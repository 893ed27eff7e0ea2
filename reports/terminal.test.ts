import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { loadRules } from '../harness/rules.ts';
import { conformanceOf } from './conformance.ts';
import { RUN_METADATA, runResults, scenarioResult } from './fixtures/results.ts';
import type { RunResults, ScenarioResult } from './results.ts';
import { printSummary } from './terminal.ts';

function summary(results: RunResults, isTTY: boolean, environment: Record<string, string>): string {
  let text = '';
  const out = { isTTY, write: (more: string) => (text += more) };
  const model = conformanceOf(results, loadRules(), RUN_METADATA);
  const paths = { conformancePath: 'out/conformance.json', junitPath: 'out/junit.xml' };
  printSummary(model, results, { ...paths, allure: { ok: true, path: 'out/index.html' } }, out, environment);
  return text;
}

function withheld(verdict: 'skipped' | 'inconclusive'): ScenarioResult {
  return scenarioResult({ ruleId: 'sip.disabled', verdict, reason: 'not from here' });
}

describe('printSummary', () => {
  const failed = scenarioResult({
    verdict: 'failed',
    reason: 'x',
    failure: {
      message: 'x',
      step: 'Then y',
      violation: { acceptable: ['407, or 401', 'silence'], actual: '200\nOK', where: 'ladder.txt' },
    },
    attachments: [{ name: 'ladder.txt', mediaType: 'text/plain' }],
  });

  test('lays a failure out', () =>
    assert.ok(
      summary(runResults(failed), false, {}).startsWith(
        [
          '',
          `FAILED sip.challenge: ${loadRules().get('sip.challenge')?.sentence}`,
          '  scenario   Challenged',
          '  at         features/sip/challenge.feature:7',
          '  step       Then y',
          '  acceptable 407, or 401',
          '             or silence',
          '  actual     200',
          '             OK',
          '  where      ladder.txt',
          '  attached   ladder.txt',
          '',
          'rules ',
        ].join('\n'),
      ),
    ));

  test('gives each reason once, with the rules it kept from being judged', () => {
    const unseen = { verdict: 'inconclusive', reason: 'no vantage point' } as const;
    const text = summary(
      runResults(
        scenarioResult({ ...unseen, ruleId: 'sip.ip.not-listed' }),
        scenarioResult({ ...unseen, ruleId: 'sip.ip.not-listed' }),
        scenarioResult({ ...unseen, ruleId: 'sip.ip.no-challenge' }),
      ),
      false,
      {},
    );
    assert.ok(
      text.includes('\n\ninconclusive\n  no vantage point\n    sip.ip.not-listed, sip.ip.no-challenge\n\n'),
      text,
    );
    assert.match(
      text,
      /reference: no verdict, nothing could be judged \(profile documented, 0 of \d+ rules judged, 2 inconclusive, two witnesses, 1\.2 s, seed 42\)/,
    );
  });

  test('is green only where every rule passed', () => {
    const judged = scenarioResult();
    const known = scenarioResult({ ruleId: 'sip.disabled', verdict: 'failed', knownFailure: 'ticket 7' });
    for (const [others, colour, words] of [
      [[], '32', 'conformant'],
      [[withheld('skipped')], '33', 'conformant'],
      [[withheld('inconclusive')], '33', 'conformant'],
      [[known], '33', 'not conformant, in nothing but what it is known to fail'],
      [[known, scenarioResult({ ruleId: 'sip.hops', verdict: 'failed' })], '31', 'not conformant'],
    ] as const) {
      const text = summary(runResults(judged, ...others), true, {});
      assert.ok(text.includes(`\u001B[${colour}mreference: ${words}\u001B[39m`), text);
    }
    const nothing = summary(runResults(withheld('skipped')), true, {});
    assert.ok(nothing.includes('\u001B[33mreference: no verdict, nothing could be judged'), nothing);
  });

  test('has a column for what is known to fail, where there is such a rule', () => {
    const known = scenarioResult({ verdict: 'failed', knownFailure: 'ticket 7' });
    const text = summary(runResults(known), false, {});
    assert.match(text, /^rules +passed +failed +error +inconclusive +skipped +uncovered +known to fail$/m);
    assert.match(text, /^sip +\. +\. +\. +\. +\. +\d+ +1$/m);
    assert.doesNotMatch(summary(runResults(scenarioResult()), false, {}), /known to fail/);
  });

  test('is in colour on a terminal only, and not with NO_COLOR', () => {
    const red = '\u001B[31mFAILED';
    assert.ok(summary(runResults(failed), true, {}).includes(red));
    assert.ok(!summary(runResults(failed), true, { NO_COLOR: '1' }).includes(red));
    assert.ok(!summary(runResults(failed), false, {}).includes(red));
  });
});
