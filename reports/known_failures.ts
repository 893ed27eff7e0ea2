import type { RuleCatalogue } from '../harness/rules.ts';
import type { KnownFailure } from '../harness/target/descriptor.ts';
import type { DescriptorProblem } from '../harness/target/load.ts';
import type { Verdict } from '../harness/verdict.ts';
import type { NamedScenario } from './feature_index.ts';

/**
 * What a run found of a known failure. `failed`: the target still fails it. `passed`: it no longer does, and the entry
 * must be removed. `not judged`: neither was found, for instance because it was not selected.
 */
export const STANDINGS = ['failed', 'passed', 'not judged'] as const;

/** A known failure of the target, and what the run found of it. */
export interface KnownFailureStanding extends KnownFailure {
  readonly standing: (typeof STANDINGS)[number];
}

/** The entry that lists this scenario; one that names it takes precedence over one for its whole rule. */
export function knownFailureOf(
  entries: readonly KnownFailure[],
  scenario: NamedScenario,
): KnownFailure | undefined {
  const listing = entries.filter((entry) => lists(entry, scenario));
  return listing.find((entry) => entry.scenario !== undefined) ?? listing[0];
}

/**
 * The standing of a known failure. One failed scenario of those it lists makes it `failed`; `passed` needs all of them.
 *
 * @param results the scenarios that were run
 * @param all every scenario of the features, whether selected or not
 */
export function standingOf(
  entry: KnownFailure,
  results: readonly (NamedScenario & { readonly verdict: Verdict })[],
  all: readonly NamedScenario[],
): KnownFailureStanding {
  const verdicts = results.filter((result) => lists(entry, result)).map(({ verdict }) => verdict);
  if (verdicts.includes('failed')) return { ...entry, standing: 'failed' };
  const listed = all.filter((scenario) => lists(entry, scenario)).length;
  const passed = listed > 0 && verdicts.length === listed && verdicts.every((one) => one === 'passed');
  return { ...entry, standing: passed ? 'passed' : 'not judged' };
}

/** What an entry is called in a sentence. */
export function titleOf({ rule, scenario }: KnownFailure): string {
  return scenario === undefined ? rule : `${rule}, "${scenario}"`;
}

/** The message about an entry whose standing is `passed`. */
export function passesNow(entry: KnownFailure): string {
  return `known failure ${titleOf(entry)} passes now: take it off the list (knownFailures in the target's descriptor)`;
}

/**
 * The entries of a descriptor that can never match: they name no rule of the catalogue, a rule without scenarios, or no
 * scenario of their rule, or repeat another entry.
 *
 * @param all every scenario of the features
 */
export function knownFailureProblems(
  entries: readonly KnownFailure[],
  catalogue: RuleCatalogue,
  all: readonly NamedScenario[],
): readonly DescriptorProblem[] {
  return entries.flatMap((entry, index) => {
    const path = ['knownFailures', index];
    const ofRule = all.filter(({ ruleId }) => ruleId === entry.rule);
    if (!catalogue.has(entry.rule)) {
      const message = `no rule has the id "${entry.rule}": take one of features/rules.yaml`;
      return [{ path: [...path, 'rule'], message }];
    }
    if (ofRule.length === 0) {
      const message = `no scenario speaks of ${entry.rule}, so it cannot fail: take the entry off`;
      return [{ path: [...path, 'rule'], message }];
    }
    if (!ofRule.some((scenario) => lists(entry, scenario))) {
      const names = [...new Set(ofRule.map(({ outline }) => `"${outline}"`))].join(', ');
      const message = `${entry.rule} has no scenario "${entry.scenario}": it has ${names}`;
      return [{ path: [...path, 'scenario'], message }];
    }
    const first = entries.findIndex(
      ({ rule, scenario }) => rule === entry.rule && scenario === entry.scenario,
    );
    return first === index ? [] : [{ path, message: `${titleOf(entry)} is there twice: take one off` }];
  });
}

function lists({ rule, scenario }: KnownFailure, { ruleId, name, outline }: NamedScenario): boolean {
  return rule === ruleId && (scenario === undefined || scenario === name || scenario === outline);
}
