import { join } from 'node:path';

import type { Verdict } from '../harness/verdict.ts';
import { writeAtomically } from './atomic_file.ts';
import { faultPage } from './fault_page.ts';

/** A fault as its file declares it. */
export interface FaultFacts {
  readonly id: string;
  /** The rule it breaks. */
  readonly rule: string;
  readonly sentence: string;
  /** The other rules that may turn red, with the reason. */
  readonly collateral: Readonly<Record<string, string>>;
  /** Relative to the repository's root. */
  readonly file: string;
}

/** A scenario that was run against a fault. */
export interface FaultScenario {
  readonly rule: string;
  readonly name: string;
  readonly place: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Its steps up to and including the one that failed; empty where none failed. */
  readonly steps: readonly string[];
}

/** A rule that turned red. */
export interface RedRule {
  readonly rule: string;
  /** The verdict, name and reason of its first red scenario. */
  readonly reason: string;
}

/** A rule that may turn red beside the fault's own. */
export interface ExplainedRule extends RedRule {
  /**
   * `file`: the fault's file names it. `steps`: each of its red scenarios failed after the same steps as a scenario of
   * the fault's own rule, so both tried and judged the same thing.
   */
  readonly by: 'file' | 'steps';
}

/** What became of a fault. The only good outcome is `killed` with nothing unexplained. */
export interface FaultOutcome extends FaultFacts {
  /**
   * `killed`: a scenario of its rule failed. `survived`: none did. `broken`: the scenarios could not be run properly,
   * so their verdicts are worthless.
   */
  readonly fate: 'killed' | 'survived' | 'broken';
  /** The scenarios of its rule that failed. */
  readonly killedBy: readonly FaultScenario[];
  /** Other rules that turned red for a known reason. */
  readonly explained: readonly ExplainedRule[];
  /** Other rules that turned red for no known reason. */
  readonly unexplained: readonly RedRule[];
  /** Rules that the file says may turn red but that stayed green, with all scenarios run. Reported, but no failure. */
  readonly green: readonly string[];
  /** Why it was not killed; empty where it was. */
  readonly why: string;
  readonly seconds: number;
}

/** What a run over faults came to. */
export interface FaultResults {
  /** Which faults were run: all, those a change concerns, or one. */
  readonly scope: string;
  readonly faults: readonly FaultOutcome[];
  /** Rules that have scenarios but no fault; filled only where all faults were run. */
  readonly rulesWithoutFault: readonly string[];
  readonly seconds: number;
}

/** Judges a fault by the scenarios run against it; `problems` is what went wrong outside every scenario. */
export function outcomeOf(
  fault: FaultFacts,
  came: {
    readonly scenarios: readonly FaultScenario[];
    readonly problems: readonly string[];
    readonly seconds: number;
    /** Whether the whole suite was run, and not only the fault's own rule and the smoke set. */
    readonly isWholeSuite: boolean;
  },
): FaultOutcome {
  const { scenarios, problems, seconds, isWholeSuite } = came;
  const ran = new Set(isWholeSuite ? scenarios.map(({ rule }) => rule) : []);
  const own = scenarios.filter(({ rule }) => rule === fault.rule);
  const killedBy = own.filter(({ verdict }) => verdict === 'failed');
  const others = scenarios.filter(({ rule, verdict }) => rule !== fault.rule && isRed(verdict));
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
