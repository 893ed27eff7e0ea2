import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { schemaViolations } from './fixtures/junit_schema.ts';
import { RUN_METADATA, runResults, scenarioResult } from './fixtures/results.ts';
import { junitOf } from './junit.ts';

/** Where the fixtures' scenario stands: the last line of every problem. */
const AT = '\nat features/sip/challenge.feature:7';

/** What an XML reader makes of an attribute's value or a text. */
function unescaped(xml: string): string {
  return xml
    .replaceAll('&#10;', '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

describe('the schema', () => {
  test('tells what breaks it', () => {
    const suite = '<testsuite name="a" tests="1" failures="0" errors="0">';
    const broken: [string, string][] = [
      ['<testsuites skipped="1"></testsuites>', 'testsuites@skipped'],
      ['<testsuites time="soon"/>', 'testsuites@time is soon'],
      ['<testsuites><testcase name="a"/></testsuites>', 'testcase in testsuites'],
      ['<testsuites><testsuite name="a" tests="1" errors="0"/></testsuites>', 'testsuite without failures'],
      [`<testsuites>${suite}<testcase name="a" line="7"/></testsuite></testsuites>`, 'testcase@line'],
      [`<testsuites>${suite}<testcase/></testsuite></testsuites>`, 'testcase without name'],
      [`<testsuites>${suite}text</testsuite></testsuites>`, 'text in testsuite'],
      [`<testsuites>${suite}</testsuites>`, '</testsuites> closes testsuite'],
      ['<testsuites name="<"/>', 'no XML from "<testsuites name="<"/>" on'],
    ];
    for (const [xml, violation] of broken) assert.ok(schemaViolations(xml).includes(violation), violation);
  });
});

describe('junitOf', () => {
  test('keeps to the schema, whatever came out', () => {
    const failure = { message: 'a & <b>', step: 'Then "it" is judged' };
    const verdicts = ['passed', 'failed', 'error', 'inconclusive', 'skipped'] as const;
    const scenarios = verdicts.flatMap((verdict) => [
      scenarioResult({ verdict, reason: 'a\n"reason" <' }),
      scenarioResult({ verdict, reason: '', failure, uri: 'features/dns/a.feature' }),
    ]);
    const known = scenarioResult({ verdict: 'failed', failure, knownFailure: 'ticket "7"' });
    const results = {
      ...runResults(...scenarios, known),
      errors: ['a worker\ndied <'],
      knownFailures: [{ rule: 'sip.a', reason: 'ticket 8', standing: 'passed' as const }],
    };
    for (const run of [results, runResults()])
      assert.deepEqual(schemaViolations(junitOf(run, RUN_METADATA)), []);
  });

  test('says of what went wrong where it stands', () => {
    const failure = { message: '200 OK', step: 'Then it is judged' };
    const xml = junitOf(
      runResults(scenarioResult({ verdict: 'failed', reason: 'r', failure })),
      RUN_METADATA,
    );
    assert.match(xml, /200 OK\nat features\/sip\/challenge\.feature:7<\/failure>/);
  });

  test('keeps any text except characters that XML cannot represent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const failure = { message: text, step: 'Then it is judged' };
        const scenario = scenarioResult({ name: text, verdict: 'failed', reason: text, failure });
        const xml = junitOf(runResults(scenario), RUN_METADATA);
        assert.doesNotMatch(xml, /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
        const [, name = '', message = '', body = ''] =
          /name="([^"<]*)" time="0\.012"><failure message="([^"<]*)">([^<]*)<\/failure>/.exec(xml) ??
          assert.fail(xml);
        const plain = text.replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
        assert.equal(unescaped(name), plain);
        assert.equal(unescaped(message), plain);
        assert.equal(
          unescaped(body),
          `Then it is judged\n${text}`
            .trimEnd()
            .replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '') + AT,
        );
      }),
    );
  });

  test('has a known failure among the skipped, with its reason and text', () => {
    const failure = { message: '200 OK', step: 'Then it is judged' };
    const known = scenarioResult({
      verdict: 'failed',
      reason: '200 OK',
      failure,
      knownFailure: 'ticket "7"',
    });
    const xml = junitOf(runResults(known), RUN_METADATA);
    assert.match(xml, /<testsuite [^>]*tests="1" failures="0" errors="0" skipped="1"/);
    assert.ok(
      xml.includes(
        '<skipped message="known failure: ticket &quot;7&quot;">Then it is judged\n200 OK\nat features/sip/challenge.feature:7</skipped>',
      ),
      xml,
    );
  });

  test('has a testsuite per feature, with correct sums', () => {
    const xml = junitOf(
      runResults(
        scenarioResult(),
        scenarioResult({
          uri: 'features/dns/a.feature',
          feature: 'DNS',
          ruleId: 'dns.a',
          verdict: 'skipped',
          reason: 'no DNS',
        }),
        scenarioResult({
          uri: 'features/dns/a.feature',
          feature: 'DNS',
          ruleId: 'dns.a',
          verdict: 'inconclusive',
          reason: 'unseen',
        }),
        scenarioResult({
          uri: 'features/dns/a.feature',
          feature: 'DNS',
          ruleId: 'dns.a',
          verdict: 'error',
          reason: 'lost',
        }),
      ),
      RUN_METADATA,
    );
    assert.match(
      xml,
      /<testsuites name="reference, documented" tests="4" failures="0" errors="1" time="1\.23[45]">/,
    );
    assert.match(
      xml,
      /<testsuite name="DNS" file="features\/dns\/a\.feature" tests="3" failures="0" errors="1" skipped="2" timestamp="2026-01-02T03:04:05">/,
    );
    assert.match(
      xml,
      /<testcase classname="dns\.a"[^>]*><skipped message="inconclusive: unseen"\/><\/testcase>/,
    );
    assert.equal(xml.match(/<testsuite /g)?.length, 2);
  });
});
