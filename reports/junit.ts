import { join } from 'node:path';

import { writeAtomically } from './atomic_file.ts';
import { outlived, type RunMetadata } from './conformance.ts';
import { passesNow } from './known_failures.ts';
import type { RunResults, ScenarioResult } from './results.ts';

/**
 * The run as JUnit XML: a testsuite per feature, a testcase per scenario, with the rule id as classname. `<skipped>`:
 * skipped, inconclusive, or a known failure. `<failure>`: a broken rule, or a known failure that passes. `<error>`:
 * everything else that went wrong. Keeps to junit-10.xsd of Jenkins' xUnit plugin, the strictest reader. That has no
 * place for a testcase's file and line, so they end the text of a problem, and no sum of what was skipped.
 */
export function junitOf({ scenarios, errors, knownFailures }: RunResults, metadata: RunMetadata): string {
  const unexpected = outlived(knownFailures);
  const suites = [...Map.groupBy(scenarios, (scenario) => scenario.uri)].map(([uri, cases]) =>
    suiteXml(cases[0]?.feature ?? uri, uri, cases.map(caseXml), tallyOf(cases), metadata),
  );
  if (unexpected.length > 0) {
    const cases = unexpected.map((entry) => {
      const head = attributes({ classname: entry.rule, name: 'known failure that passes', time: '0' });
      return `    <testcase${head}>${problemXml('failure', passesNow(entry), entry.reason)}</testcase>`;
    });
    const tally = { ...NO_CASES, tests: cases.length, failures: cases.length };
    suites.unshift(suiteXml('known failures that pass', undefined, cases, tally, metadata));
  }
  if (errors.length > 0) {
    const cases = errors.map(
      (error) =>
        `    <testcase classname="run" name="run" time="0">${problemXml('error', error, error)}</testcase>`,
    );
    suites.push(
      suiteXml(
        'run',
        undefined,
        cases,
        { ...NO_CASES, tests: errors.length, errors: errors.length },
        metadata,
      ),
    );
  }
  const all = tallyOf(scenarios);
  const total = {
    ...all,
    tests: all.tests + errors.length + unexpected.length,
    failures: all.failures + unexpected.length,
    errors: all.errors + errors.length,
  };
  const { skipped: _, ...sums } = total;
  const name = attributes({
    name: `${metadata.target}, ${metadata.profile}`,
    ...sums,
    time: seconds(metadata.durationMs),
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${name}>\n${suites.join('')}</testsuites>\n`;
}

/**
 * Writes `junit.xml`, whole or not at all; returns its path.
 *
 * @throws the file system's error where the folder cannot be written
 */
export function writeJunit(results: RunResults, metadata: RunMetadata, outDir: string): string {
  const path = join(outDir, 'junit.xml');
  writeAtomically(path, junitOf(results, metadata));
  return path;
}

interface Tally {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

const NO_CASES: Tally = { tests: 0, failures: 0, errors: 0, skipped: 0 };

function tallyOf(scenarios: readonly ScenarioResult[]): Tally {
  const having = (...verdicts: string[]): number =>
    scenarios.filter(({ verdict, knownFailure }) => knownFailure === undefined && verdicts.includes(verdict))
      .length;
  const known = scenarios.filter(({ knownFailure }) => knownFailure !== undefined).length;
  return {
    tests: scenarios.length,
    failures: having('failed'),
    errors: having('error'),
    skipped: having('skipped', 'inconclusive') + known,
  };
}

function suiteXml(
  name: string,
  file: string | undefined,
  cases: readonly string[],
  tally: Tally,
  metadata: RunMetadata,
): string {
  const timestamp = metadata.startedAt.toISOString().slice(0, 19);
  return `  <testsuite${attributes({ name, file, ...tally, timestamp })}>\n${cases.join('\n')}\n  </testsuite>\n`;
}

function caseXml(scenario: ScenarioResult): string {
  const { ruleId = 'no rule', name, durationMs } = scenario;
  const head = attributes({ classname: ruleId, name, time: seconds(durationMs) });
  const body = outcomeXml(scenario);
  return body === '' ? `    <testcase${head}/>` : `    <testcase${head}>${body}</testcase>`;
}

function outcomeXml({ verdict, reason = '', failure, knownFailure, uri, line }: ScenarioResult): string {
  if (verdict === 'passed') return '';
  if (verdict === 'skipped') return `<skipped${attributes({ message: reason })}/>`;
  if (verdict === 'inconclusive') return `<skipped${attributes({ message: `inconclusive: ${reason}` })}/>`;
  const said = failure === undefined ? reason : [failure.step, failure.message, failure.trace].join('\n');
  const text = `${said.trimEnd()}\nat ${uri}:${line}`;
  if (knownFailure !== undefined) return problemXml('skipped', `known failure: ${knownFailure}`, text);
  return problemXml(verdict === 'failed' ? 'failure' : 'error', reason, text);
}

function problemXml(element: 'failure' | 'error' | 'skipped', message: string, text: string): string {
  return `<${element}${attributes({ message })}>${escapeXml(text.trim())}</${element}>`;
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** Characters that XML 1.0 cannot represent, not even escaped; they are removed. */
const NOT_XML = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replace(NOT_XML, '').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
