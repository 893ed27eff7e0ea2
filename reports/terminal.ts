import { styleText } from 'node:util';
import { AREAS } from '../harness/rules.ts';
import type { Conformance, RuleOutcome } from './conformance.ts';
import { ERASE, inColour } from './progress.ts';
import type { ProgressOutput } from './progress.ts';
import type { WrittenReports } from './report_files.ts';
import type { RunResults, ScenarioResult } from './results.ts';

type ReportPaths = Pick<WrittenReports, 'conformancePath' | 'junitPath' | 'allure'>;

type Style = (colour: 'red' | 'yellow' | 'green' | 'bold' | 'dim', text: string) => string;

/**
 * Prints what a run came to: broken rules first, then errors, then the tables, the verdict and where the reports
 * are. In colour on a terminal, unless NO_COLOR is set.
 */
export function printSummary(
  model: Conformance,
  results: RunResults,
  paths: ReportPaths,
  out: ProgressOutput,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const coloured = inColour(out, environment);
  const style: Style = (colour, text) =>
    coloured ? styleText(colour, text, { validateStream: false }) : text;
  const sentences = new Map(model.rules.map((rule) => [rule.id, rule.sentence]));
  const having = (verdict: string): ScenarioResult[] =>
    results.scenarios.filter((scenario) => scenario.verdict === verdict);
  const blocks = [
    ...having('failed').map((scenario) => troubleText('FAILED', scenario, sentences, style)),
    ...having('error').map((scenario) => troubleText('ERROR', scenario, sentences, style)),
    ...model.errors.map((error) => `${style('red', 'ERROR')} ${indented(error, '  ')}`),
    areaTable(model.rules),
    reasonsText('inconclusive', having('inconclusive'), style),
    reasonsText('skipped', having('skipped'), style),
    verdictText(model, style),
    pathsText(paths),
  ];
  out.write(`${out.isTTY === true ? ERASE : ''}\n${blocks.filter((block) => block !== '').join('\n\n')}\n`);
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
  if (failure?.acceptable) rows.push(['acceptable', failure.acceptable.join('\nor ')]);
  if (failure?.actual !== undefined) rows.push(['came', failure.actual]);
  else rows.push(['came', reason]);
  if (failure?.where !== undefined) rows.push(['where', failure.where]);
  const names = [...new Set(attachments.map((attachment) => attachment.name))];
  if (names.length > 0) rows.push(['attached', names.join(', ')]);
  const text = rows.map(([label, value]) => `  ${label.padEnd(11)}${indented(value.trim(), ' '.repeat(13))}`);
  return [`${style('red', word)} ${style('bold', ruleId ?? 'no rule')}: ${sentence}`, ...text].join('\n');
}

const COLUMNS = ['passed', 'failed', 'error', 'inconclusive', 'skipped', 'uncovered'] as const;

/** Rules by area and verdict; areas of which the profile holds no rule are left out. */
function areaTable(rules: readonly RuleOutcome[]): string {
  const rows = Object.keys(AREAS).flatMap((area) => {
    const ofArea = rules.filter((rule) => rule.area === area);
    return ofArea.length === 0 ? [] : [[area, ...countsOf(ofArea)]];
  });
  const table = [['rules', ...COLUMNS], ...rows, ['all', ...countsOf(rules)]];
  const widths = ['registrar', ...COLUMNS].map((title) => title.length);
  return table
    .map((cells) =>
      cells
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

function countsOf(rules: readonly RuleOutcome[]): string[] {
  return COLUMNS.map((verdict) => {
    const n = rules.filter((rule) => rule.verdict === verdict).length;
    return n === 0 ? '.' : String(n);
  });
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
  const { passed, failed } = model.counts.rules;
  const judged = `${passed + failed} of ${model.rules.length} rules judged`;
  const facts = [
    `profile ${model.profile}`,
    judged,
    model.witnesses === 'two' ? 'two witnesses' : 'one witness',
    `${(model.durationMs / 1000).toFixed(1)} s`,
  ].join(', ');
  const colour = model.verdict === 'conformant' ? 'green' : 'red';
  return `${style(colour, `${model.target}: ${VERDICT_WORDS[model.verdict]}`)} (${facts})`;
}

const VERDICT_WORDS = {
  conformant: 'conformant',
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
