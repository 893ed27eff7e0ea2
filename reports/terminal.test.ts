import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadRules } from '../harness/rules.ts';
import { conformanceOf } from './conformance.ts';
import { RUN_FACTS, runResults, scenarioResult } from './fixtures/results.ts';
import type { RunResults } from './results.ts';
import { printSummary } from './terminal.ts';

function summary(results: RunResults, isTTY: boolean, environment: Record<string, string>): string {
  let text = '';
  const out = { isTTY, write: (more: string) => (text += more) };
  const model = conformanceOf(results, loadRules(), RUN_FACTS);
  const paths = { conformancePath: 'out/conformance.json', junitPath: 'out/junit.xml' };
  printSummary(model, results, { ...paths, allure: { ok: true, path: 'out/index.html' } }, out, environment);
  return text;
}

void describe('printSummary', () => {
  const failed = scenarioResult({
    verdict: 'failed',
    reason: 'x',
    failure: {
      message: 'x',
      step: 'Then y',
      acceptable: ['407', 'silence'],
      actual: '200\nOK',
      where: 'ladder.txt',
    },
    attachments: [{ name: 'ladder.txt', mediaType: 'text/plain' }],
  });

  void it('lays a failure out', () =>
    assert.ok(
      summary(runResults(failed), false, {}).startsWith(
        [
          '',
          `FAILED sip.challenge: ${loadRules().get('sip.challenge')?.sentence}`,
          '  scenario   Challenged',
          '  at         features/sip/challenge.feature:7',
          '  step       Then y',
          '  acceptable 407',
          '             or silence',
          '  came       200',
          '             OK',
          '  where      ladder.txt',
          '  attached   ladder.txt',
          '',
          'rules ',
        ].join('\n'),
      ),
    ));

  void it('gives each reason once, with the rules it kept from being judged', () => {
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
      /reference: conformant \(profile documented, 0 of \d+ rules judged, two witnesses, 1\.2 s\)/,
    );
  });

  void it('is in colour on a terminal only, and not with NO_COLOR', () => {
    const red = '\u001B[31mFAILED';
    assert.ok(summary(runResults(failed), true, {}).includes(red));
    assert.ok(!summary(runResults(failed), true, { NO_COLOR: '1' }).includes(red));
    assert.ok(!summary(runResults(failed), false, {}).includes(red));
  });
});
