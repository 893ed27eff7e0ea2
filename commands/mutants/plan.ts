import { HarnessError } from '../../harness/verdict.ts';
import type { DecisionFile } from '../../mutants/lists.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import type { SurveyedScenario, Trial } from './job.ts';
import type { Options } from './options.ts';

/** How long scenarios of rules that a mutant's file does not serve may take, all together. */
const OTHERS_MS = 15_000;

/** What the surveys found. */
export interface Surveyed {
  /** The numbers of the mutants whose code runs before the first request. */
  readonly atStart: ReadonlySet<string>;
  readonly scenarios: readonly SurveyedScenario[];
}

/**
 * The files that the options mean. Throws a HarnessError if one is not in the list.
 *
 * @param changedFiles what has changed since the last commit; only called if the options ask for it
 */
export function chosenFiles(
  files: readonly DecisionFile[],
  { file, mutant, changed }: Pick<Options, 'file' | 'mutant' | 'changed'>,
  changedFiles: () => readonly string[],
): readonly DecisionFile[] {
  if (changed) {
    const since = new Set(changedFiles());
    return files.filter((one) => since.has(one.file));
  }
  const asked = mutant === undefined ? file : [mutant.replace(/:.*$/, '')];
  if (asked.length === 0) return files;
  const known = files.map((one) => one.file);
  const strange = asked.filter((one) => !known.includes(one));
  if (strange.length > 0) {
    throw new HarnessError(
      `${strange.join(', ')} is not mutated (mutants/decision_code.yaml). These are: ${known.join(', ')}`,
    );
  }
  return files.filter((one) => asked.includes(one.file));
}

/** A mutant, and the scenarios that reach its place, in the order in which they are to run. */
export interface Reached {
  readonly mutant: Mutant;
  /** Whether it gets a process of its own. */
  readonly isAlone: boolean;
  readonly scenarios: readonly SurveyedScenario[];
}

/** Whether the mutant is asked for: by its whole id, or by one that ends where a part of it does. */
export function isAsked(id: string, asked: string | undefined): boolean {
  return asked === undefined || id === asked || id.startsWith(`${asked}:`) || id.startsWith(`${asked}-`);
}

/** What the order of a mutant's scenarios depends on. */
export interface Grounds {
  readonly files: readonly DecisionFile[];
  /** All mutants of these files. */
  readonly all: readonly Mutant[];
  readonly found: Surveyed;
}

/**
 * The scenarios that are run against a mutant: of those that reach it first those of the rules that its file serves, the
 * nearest first and each rule in turn; then of the others the quickest, as many as take a quarter of a minute. What code
 * does at the start, or only the first time, may show anywhere: all scenarios of these rules are run against such a
 * mutant, and of the others those that reach its file.
 */
export function reachedBy(mutant: Mutant, { files, all, found }: Grounds): Reached {
  const { atStart, scenarios } = found;
  const { rules = [], remembers = false } = files.find(({ file }) => file === mutant.file) ?? {};
  const isAtStart = atStart.has(mutant.number);
  const isAlone = isAtStart || remembers;
  const alike = isAtStart ? all.filter(({ file }) => file === mutant.file) : [mutant];
  const numbers = new Set(alike.map(({ number }) => number));
  const near = scenarios.filter(({ rule }) => nearness(rule, rules) < rules.length);
  const others = scenarios.filter((scenario) => !near.includes(scenario));
  const reaches = ({ reached }: SurveyedScenario): boolean => reached.some((number) => numbers.has(number));
  return {
    mutant,
    isAlone,
    scenarios: [
      ...inTurns(near.filter((scenario) => isAlone || reaches(scenario))).toSorted(
        (a, b) => nearness(a.rule, rules) - nearness(b.rule, rules),
      ),
      ...quickest(others.filter(reaches), OTHERS_MS),
    ],
  };
}

/** The quickest scenario of each rule, then the second of each, and so on: what one does not see, its like will not. */
function inTurns(scenarios: readonly SurveyedScenario[]): readonly SurveyedScenario[] {
  const byRule = Map.groupBy(scenarios, ({ rule }) => rule);
  return [...byRule.values()]
    .flatMap((of) =>
      of.toSorted((a, b) => a.durationMs - b.durationMs).map((scenario, turn) => ({ scenario, turn })),
    )
    .toSorted((a, b) => a.turn - b.turn || a.scenario.durationMs - b.scenario.durationMs)
    .map(({ scenario }) => scenario);
}

/** As many of these as take this time, the quickest first. */
function quickest(scenarios: readonly SurveyedScenario[], ms: number): readonly SurveyedScenario[] {
  let left = ms;
  return scenarios
    .toSorted((a, b) => a.durationMs - b.durationMs)
    .filter(({ durationMs }) => (left -= durationMs) >= 0);
}

function nearness(rule: string, rules: readonly string[]): number {
  const index = rules.findIndex((beginning) => rule === beginning || rule.startsWith(`${beginning}.`));
  return index < 0 ? rules.length : index;
}

/** The job that tries a mutant. */
export function trialOf({ mutant: { id, number }, isAlone, scenarios }: Reached): Trial {
  return { kind: 'trial', id, mutant: number, isAlone, scenarios: scenarios.map(({ place }) => place) };
}
