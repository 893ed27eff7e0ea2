import { styleText } from 'node:util';

import { AREAS } from '../harness/rules.ts';
import { failedElsewhere, outlived, type Conformance, type RuleOutcome } from './conformance.ts';
import { passesNow, type KnownFailureStanding } from './known_failures.ts';
import { ERASE, inColour, type Output } from './output.ts';
import type { WrittenReports } from './report_files.ts';
import type { RunResults, ScenarioResult } from './results.ts';

type ReportPaths = Pick<WrittenReports, 'conformancePath' | 'junitPath' | 'allure'>;

type Style = (colour: 'red' | 'yellow' | 'green' | 'bold' | 'dim', text: string) => string;

/**
 * Prints a run's results. First the unexpected: broken rules, known failures that pass, and errors. Then the tables,
 * what is known to fail or was not judged, the verdict, and where the reports are. In colour on a terminal, unless
 * NO_COLOR is set.
 */
export function printSummary(
  model: Conformance,
  results: RunResults,
  paths: ReportPaths,
  out: Output,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const style = styleFor(out, environment);
  const sentences = new Map(model.rules.map((rule) => [rule.id, rule.sentence]));
  const having = (verdict: string): ScenarioResult[] =>
    results.scenarios.filter(
      (scenario) => scenario.verdict === verdict && scenario.knownFailure === undefined,
    );
  const blocks = [
    ...having('failed').map((scenario) => troubleText('FAILED', scenario, sentences, style)),
    ...failedElsewhere(model.rules).map(
      ({ id, sentence, reason = '' }) =>
        `${style('red', 'FAILED')} ${style('bold', id)}: ${sentence}\n  ${indented(reason, '  ')}`,
    ),
    ...outlived(model.knownFailures).map((entry) => outlivedText(entry, style)),
    ...having('error').map((scenario) => troubleText('ERROR', scenario, sentences, style)),
    ...model.errors.map((error) => `${style('red', 'ERROR')} ${indented(error, '  ')}`),
    areaTable(model.rules),
    knownText(results.scenarios, style),
    reasonsText('inconclusive', having('inconclusive'), style),
    reasonsText('skipped', having('skipped'), style),
    verdictText(model, style),
    pathsText(paths),
  ];
  out.write(`${out.isTTY === true ? ERASE : ''}\n${blocks.filter((block) => block !== '').join('\n\n')}\n`);
}

/** Prints the verdict alone, in one line. */
export function printVerdict(
  model: Conformance,
  out: Output,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const erase = out.isTTY === true ? ERASE : '';
  out.write(`${erase}${verdictText(model, styleFor(out, environment))}\n`);
}

function styleFor(out: Output, environment: Readonly<Record<string, string | undefined>>): Style {
  const coloured = inColour(out, environment);
  return (colour, text) => (coloured ? styleText(colour, text, { validateStream: false }) : text);
}

function troubleText(
  word: string,
  scenario: ScenarioResult,
  sentences: ReadonlyMap<string, string>,
  style: Style,
): string {
  const { ruleId, rule, name, uri, line, failure, reason = '', attachments } = scenario;
  const sentence = sentences.get(ruleId ?? '') ?? rule;
  const rows: [label: string, text: string][] = [
    ['scenario', name],
    ['at', `${uri}:${line}`],
  ];
  if (failure) rows.push(['step', failure.step]);
  const { violation } = failure ?? {};
  if (violation) rows.push(['acceptable', violation.acceptable.join('\nor ')]);
  rows.push(['actual', violation?.actual ?? reason]);
  if (violation?.where !== undefined) rows.push(['where', violation.where]);
  const names = [...new Set(attachments.map((attachment) => attachment.name))];
  if (names.length > 0) rows.push(['attached', names.join(', ')]);
  const text = rows.map(([label, value]) => `  ${label.padEnd(11)}${indented(value.trim(), ' '.repeat(13))}`);
  return [`${style('red', word)} ${style('bold', ruleId ?? 'no rule')}: ${sentence}`, ...text].join('\n');
}

function outlivedText(entry: KnownFailureStanding, style: Style): string {
  return `${style('red', 'FAILED')} ${passesNow(entry)}\n  listed     ${indented(entry.reason, ' '.repeat(13))}`;
}

const VERDICT_COLUMNS = ['passed', 'failed', 'error', 'inconclusive', 'skipped', 'uncovered'] as const;
/** The column for broken rules whose failures are all known. Left out where there is no such rule. */
const KNOWN_COLUMN = 'known to fail';

function columnOf({ verdict, knownFailure }: RuleOutcome): string {
  return knownFailure === undefined ? verdict : KNOWN_COLUMN;
}

/** Counts of rules by area and verdict; leaves out areas without a rule in the profile. */
function areaTable(rules: readonly RuleOutcome[]): string {
  const known = rules.some((rule) => columnOf(rule) === KNOWN_COLUMN) ? [KNOWN_COLUMN] : [];
  const columns = [...VERDICT_COLUMNS, ...known];
  const rows = Object.keys(AREAS).flatMap((area) => {
    const ofArea = rules.filter((rule) => rule.area === area);
    return ofArea.length === 0 ? [] : [[area, ...countsOf(ofArea, columns)]];
  });
  const table = [['rules', ...columns], ...rows, ['all', ...countsOf(rules, columns)]];
  const widths = ['registrar', ...columns].map((title) => title.length);
  return table
    .map((cells) =>
      cells
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

function countsOf(rules: readonly RuleOutcome[], columns: readonly string[]): string[] {
  return columns.map((column) => {
    const n = rules.filter((rule) => columnOf(rule) === column).length;
    return n === 0 ? '.' : String(n);
  });
}

/** Each reason once, with the scenarios that are known to fail for it. */
function knownText(scenarios: readonly ScenarioResult[], style: Style): string {
  const byReason = Map.groupBy(scenarios, ({ knownFailure }) => knownFailure);
  const groups = [...byReason].flatMap(([reason, of]) => {
    if (reason === undefined) return [];
    const names = of.map(({ ruleId, name }) => `    ${ruleId}: ${name}`);
    return [`  ${indented(reason, '  ')}\n${names.join('\n')}`];
  });
  return groups.length === 0 ? '' : [style('yellow', KNOWN_COLUMN), ...groups].join('\n');
}

/** Each reason once, with the rules it kept from being judged. */
function reasonsText(verdict: string, scenarios: readonly ScenarioResult[], style: Style): string {
  if (scenarios.length === 0) return '';
  const groups = [...Map.groupBy(scenarios, (scenario) => scenario.reason ?? '')].map(([reason, of]) => {
    const rules = [...new Set(of.map((scenario) => scenario.ruleId ?? scenario.name))];
    return `  ${indented(reason, '  ')}\n    ${rules.join(', ')}`;
  });
  return [style('yellow', verdict), ...groups].join('\n');
}

function verdictText(model: Conformance, style: Style): string {
  const { passed, failed, inconclusive, skipped } = model.counts.rules;
  const judged = `${passed + failed} of ${model.rules.length} rules judged`;
  const facts = [
    `profile ${model.profile}`,
    judged,
    ...(inconclusive > 0 ? [`${inconclusive} inconclusive`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    model.witnesses === 'two' ? 'two witnesses' : 'one witness',
    `${(model.durationMs / 1000).toFixed(1)} s`,
    `seed ${model.seed}`,
  ].join(', ');
  const whole = inconclusive === 0 && skipped === 0;
  const colour = model.verdict === 'conformant' && !whole ? 'yellow' : VERDICT_COLOURS[model.verdict];
  return `${style(colour, `${model.target}: ${VERDICT_WORDS[model.verdict]}`)} (${facts})`;
}

const VERDICT_COLOURS = {
  conformant: 'green',
  inconclusive: 'yellow',
  'known-failures': 'yellow',
  nonconformant: 'red',
  error: 'red',
} as const;

/** The verdict of a run in words. */
export const VERDICT_WORDS = {
  conformant: 'conformant',
  inconclusive: 'no verdict, nothing could be judged',
  'known-failures': 'not conformant, in nothing but what it is known to fail',
  nonconformant: 'not conformant',
  error: 'no verdict, the run had errors',
} as const;

function pathsText({ conformancePath, junitPath, allure }: ReportPaths): string {
  const report = allure.ok ? allure.path : `not made: ${allure.message}`;
  return `report       ${report}\nconformance  ${conformancePath}\njunit        ${junitPath}`;
}

function indented(text: string, indent: string): string {
  return text.replaceAll('\n', `\n${indent}`);
}
