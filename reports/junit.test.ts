import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { RUN_METADATA, runResults, scenarioResult } from './fixtures/results.ts';
import { junitOf } from './junit.ts';

/** What an XML reader makes of an attribute's value or a text. */
function unescaped(xml: string): string {
  return xml
    .replaceAll('&#10;', '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

describe('junitOf', () => {
  test('keeps any text except characters that XML cannot represent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const failure = { message: text, step: 'Then it is judged' };
        const scenario = scenarioResult({ name: text, verdict: 'failed', reason: text, failure });
        const xml = junitOf(runResults(scenario), RUN_METADATA);
        assert.doesNotMatch(xml, /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
        const [, name = '', message = '', body = ''] =
          /name="([^"<]*)" file="[^"]*" line="7" time="0\.012"><failure message="([^"<]*)">([^<]*)<\/failure>/.exec(
            xml,
          ) ?? assert.fail(xml);
        const plain = text.replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
        assert.equal(unescaped(name), plain);
        assert.equal(unescaped(message), plain);
        assert.equal(
          unescaped(body),
          `Then it is judged\n${text}`
            .trim()
            .replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ''),
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
        '<skipped message="known failure: ticket &quot;7&quot;">Then it is judged\n200 OK</skipped>',
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
      /<testsuites name="reference, documented" tests="4" failures="0" errors="1" skipped="2" time="1\.23[45]">/,
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
