import { join } from 'node:path';

import type { Verdict } from '../harness/verdict.ts';
import { writeAtomically } from './atomic_file.ts';
import type { FaultFacts, FaultScenario, RedRule, FaultOutcome, FaultResults } from './fault_outcome.ts';
import { faultPage } from './fault_page.ts';

/** Judges a fault by the scenarios run against it; `problems` is what went wrong outside every scenario. */
export function outcomeOf(
  fault: FaultFacts,
  trial: {
    readonly scenarios: readonly FaultScenario[];
    readonly problems: readonly string[];
    readonly seconds: number;
    /** Whether the whole suite was run, and not only the fault's own rule and the smoke set. */
    readonly isWholeSuite: boolean;
  },
): FaultOutcome {
  const { scenarios, problems, seconds, isWholeSuite } = trial;
  const ran = new Set(isWholeSuite ? scenarios.map(({ rule }) => rule) : []);
  const isOwn = ({ rule }: FaultScenario): boolean => rule === fault.rule || fault.foundBy.includes(rule);
  const own = scenarios.filter(isOwn);
  const killedBy = own.filter(({ verdict }) => verdict === 'failed');
  const others = scenarios.filter((one) => !isOwn(one) && isRed(one.verdict));
  const red = redRules(others);
  const tried = new Set(killedBy.filter(({ steps }) => steps.length > 0).map(trialOf));
  const isNamed = ({ rule }: RedRule): boolean => Object.hasOwn(fault.collateral, rule);
  const isSame = ({ rule }: RedRule): boolean =>
    others.every((one) => one.rule !== rule || (one.verdict === 'failed' && tried.has(trialOf(one))));
  const fate = problems.length > 0 ? 'broken' : killedBy.length > 0 ? 'killed' : 'survived';
  return {
    ...fault,
    fate,
    killedBy,
    explained: red.flatMap((one) =>
      isNamed(one) ? { ...one, by: 'file' } : isSame(one) ? { ...one, by: 'steps' } : [],
    ),
    unexplained: red.filter((one) => !isNamed(one) && !isSame(one)),
    green: Object.keys(fault.collateral).filter(
      (rule) => ran.has(rule) && !red.some((one) => one.rule === rule),
    ),
    why: fate === 'broken' ? problems.join('\n') : fate === 'survived' ? whySurvived(own) : '',
    seconds,
  };
}

function whySurvived(own: readonly FaultScenario[]): string {
  if (own.length === 0) return 'no scenario of its rule was run';
  const other = own.find(({ verdict }) => verdict !== 'passed');
  // An error is the harness's own and proves nothing about the target.
  if (other !== undefined)
    return `no scenario of its rule failed; ${other.verdict}: ${other.name}: ${other.reason}`;
  return `all ${own.length} scenarios of its rule passed`;
}

/** A text of what a scenario did until it failed; equal for two that did the same. */
function trialOf({ steps }: FaultScenario): string {
  return JSON.stringify(steps);
}

function isRed(verdict: Verdict): boolean {
  return verdict === 'failed' || verdict === 'error';
}

function redRules(scenarios: readonly FaultScenario[]): RedRule[] {
  const red = new Map<string, RedRule>();
  for (const { rule, verdict, name, reason } of scenarios) {
    if (!red.has(rule)) red.set(rule, { rule, reason: `${verdict}: ${name}: ${reason}` });
  }
  return [...red.values()];
}

/** Whether every fault was killed, nothing is unexplained and every rule has a fault. */
export function areFaultsFound({ faults, rulesWithoutFault }: FaultResults): boolean {
  return (
    rulesWithoutFault.length === 0 &&
    faults.every(({ fate, unexplained }) => fate === 'killed' && unexplained.length === 0)
  );
}

/**
 * Writes `faults.json` and `faults.html`; returns their paths.
 *
 * @throws the file system's error where `folder` cannot be written
 */
export function writeFaultReports(results: FaultResults, folder: string): { json: string; page: string } {
  const json = join(folder, 'faults.json');
  const page = join(folder, 'faults.html');
  writeAtomically(json, `${JSON.stringify(jsonOf(results), undefined, 2)}\n`);
  writeAtomically(page, faultPage(results));
  return { json, page };
}

function ruleOf({ rule }: RedRule): string {
  return rule;
}

function jsonOf({ scope, faults, rulesWithoutFault, seconds }: FaultResults) {
  return {
    scope,
    seconds: Math.round(seconds),
    faults: faults.map(({ id, rule, fate, killedBy, explained, unexplained, why }) => ({
      id,
      rule,
      fate,
      killedBy: killedBy.map(({ place, name }) => `${place} ${name}`),
      collateral: Object.fromEntries(explained.map(({ rule: other, by }) => [other, by])),
      unexplained: unexplained.map(ruleOf),
      ...(why === '' ? {} : { why }),
    })),
    survived: faults.filter(({ fate }) => fate !== 'killed').map(({ id }) => id),
    rulesWithoutFault,
  };
}
