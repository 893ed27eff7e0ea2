import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';

import { loadConfiguration, runCucumber } from '@cucumber/cucumber/api';
import type { Envelope } from '@cucumber/messages';

import type { FoundFault } from '../../faults/catalogue.ts';
import { isRuleTag, parseRules, type RuleCatalogue } from '../../harness/rules.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { FEATURES, STEPS } from '../features/files.ts';

/** The files that the scenarios of a rule are made of. Paths are relative to the repository's root. */
export interface CoveredRule {
  readonly features: ReadonlySet<string>;
  /** The files of the steps its scenarios use. */
  readonly steps: ReadonlySet<string>;
  /** Whether a scenario of it looks at the target's process, or takes all it has. */
  readonly isHeavy: boolean;
}

/** The rules that scenarios speak of, by their ids. */
export type CoveredRules = ReadonlyMap<string, CoveredRule>;

/** What the features cover. */
export interface Coverage {
  readonly rules: CoveredRules;
  /** Features with scenarios of the smoke set: a few of every area, which every fault runs besides its rule's own. */
  readonly smokeFeatures: ReadonlySet<string>;
}

/** Tags of scenarios for which the target gets a process of its own. */
const HEAVY: ReadonlySet<string> = new Set(['@flood', '@alone', '@last']);

/** Steps that read the target's log, which is there only where the run starts the target. */
const LOG_STEPS: ReadonlySet<string> = new Set(['steps/hard/log_injection.ts', 'steps/hard/secrets.ts']);

/** The tag of the smoke set. */
export const SMOKE = '@smoke';

/** Reads the features. Rejects with a HarnessError if one does not parse. */
export async function coverage(): Promise<Coverage> {
  const { runConfiguration } = await loadConfiguration({
    file: false,
    provided: {
      paths: FEATURES,
      import: STEPS,
      format: ['rerun'],
      dryRun: true,
    },
  });
  const index = new StepIndex();
  const unheard = new Writable({ write: (_chunk, _encoding, done) => done() });
  await runCucumber(runConfiguration, { stdout: unheard }, (envelope) => index.receive(envelope));
  return index;
}

interface CoveredByIndex {
  readonly features: Set<string>;
  readonly steps: Set<string>;
  isHeavy: boolean;
}

/** Which rules use which files, by the messages of a dry run. */
class StepIndex implements Coverage {
  readonly rules = new Map<string, CoveredByIndex>();
  readonly smokeFeatures = new Set<string>();
  readonly #definedIn = new Map<string, string>();
  readonly #rulesOf = new Map<string, readonly string[]>();

  receive({ pickle, stepDefinition, testCase, parseError }: Envelope): void {
    if (parseError) throw new HarnessError(`${parseError.source.uri}: ${parseError.message}`);
    if (stepDefinition) this.#definedIn.set(stepDefinition.id, stepDefinition.sourceReference.uri ?? '');
    if (pickle) {
      const ids = pickle.tags.filter(({ name }) => isRuleTag(name)).map(({ name }) => name.slice(1));
      this.#rulesOf.set(pickle.id, ids);
      for (const id of ids) this.#rule(id).features.add(pickle.uri);
      if (pickle.tags.some(({ name }) => HEAVY.has(name)))
        for (const id of ids) this.#rule(id).isHeavy = true;
      if (pickle.tags.some(({ name }) => name === SMOKE)) this.smokeFeatures.add(pickle.uri);
    }
    if (!testCase) return;
    const files = testCase.testSteps.flatMap(({ stepDefinitionIds = [] }) =>
      stepDefinitionIds.map((id) => this.#definedIn.get(id) ?? ''),
    );
    for (const id of this.#rulesOf.get(testCase.pickleId) ?? [])
      for (const file of files) this.#stepsIn(file, this.#rule(id));
  }

  #stepsIn(file: string, rule: CoveredByIndex): void {
    rule.steps.add(file);
    if (LOG_STEPS.has(file)) rule.isHeavy = true;
  }

  #rule(id: string): CoveredByIndex {
    const known = this.rules.get(id) ?? { features: new Set(), steps: new Set(), isHeavy: false };
    this.rules.set(id, known);
    return known;
  }
}

/** What has changed since the last commit, new files included. */
export interface Change {
  /** Relative to the repository's root. */
  readonly files: readonly string[];
  /** Rules whose entry in the catalogue is changed or new. */
  readonly rules: ReadonlySet<string>;
}

/** What git says has changed since the last commit. Throws a HarnessError where this is no git checkout. */
export function changeSinceCommit(catalogue: RuleCatalogue): Change {
  const files = [...git('diff', '--name-only', 'HEAD'), ...git('ls-files', '--others', '--exclude-standard')];
  if (!files.includes('features/rules.yaml')) return { files, rules: new Set() };
  const before = parseRules(
    git('show', 'HEAD:features/rules.yaml').join('\n'),
    'features/rules.yaml at HEAD',
  );
  const isOther = (id: string): boolean =>
    JSON.stringify(before.get(id)) !== JSON.stringify(catalogue.get(id));
  return { files, rules: new Set([...catalogue.keys()].filter(isOther)) };
}

function git(...words: string[]): string[] {
  try {
    return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    throw new HarnessError(`--changed needs git and a checkout with a commit: ${String(error)}`);
  }
}

/**
 * The faults that a change concerns: those whose file, rule, features or steps changed, or whose steps name a SIPp
 * scenario that changed. A change of what every scenario uses (harness, packages, the reference, the parts that faults
 * are made of) concerns all faults.
 */
export function concerned(
  faults: readonly FoundFault[],
  change: Change,
  covered: CoveredRules,
  textOf = (path: string): string => readFileSync(path, 'utf8'),
): readonly FoundFault[] {
  const { files, rules } = change;
  if (files.some(concernsAll)) return faults;
  const sippNames = files
    .filter((file) => /^scenarios\/.*\.xml$/.test(file))
    .map((file) => file.replace(/^.*\//, '').replace(/\.xml$/, ''));
  const usesSipp = (file: string): boolean => {
    const text = sippNames.length > 0 ? textOf(file) : '';
    return sippNames.some((name) => text.includes(name));
  };
  const touched = (paths: ReadonlySet<string>): boolean => files.some((file) => paths.has(file));
  return faults.filter(({ fault: { rule }, file }) => {
    const { features, steps } = covered.get(rule) ?? { features: new Set(), steps: new Set() };
    const own = files.includes(file) || rules.has(rule);
    return own || touched(features) || touched(steps) || [...steps].some(usesSipp);
  });
}

const EVERYTHING = [
  /^harness\/.*(?<!\.test)\.ts$/,
  /^packages\/.*(?<!\.test)\.ts$/,
  /^impl\/.*(?<!\.test)\.ts$/,
  /^faults\/(generated\/)?[^/]+\.ts$/,
  /^scenarios\/sip\/(voice-platform|invite-(digest-)?any-answer)\.xml$/,
  /^targets\/reference\//,
  /^steps\/(world|sip\/dial)\.ts$/,
  /^package-lock\.json$/,
];

function concernsAll(file: string): boolean {
  return EVERYTHING.some((pattern) => pattern.test(file));
}
