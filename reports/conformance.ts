import { join } from 'node:path';

import { z } from 'zod';

import { EXIT } from '../harness/exit_code.ts';
import {
  areaOf,
  AREAS,
  BASES,
  PROFILES,
  rulesOf,
  type Profile,
  type Rule,
  type RuleCatalogue,
} from '../harness/rules.ts';
import { VERDICTS, worse, type RuleVerdict, type Verdict } from '../harness/verdict.ts';
import { writeAtomically } from './atomic_file.ts';
import { violationSchema } from './attached_data.ts';
import { STANDINGS, type KnownFailureStanding } from './known_failures.ts';
import type { RunResults, ScenarioResult } from './results.ts';

/** What is known about a run, beside its results. */
export interface RunMetadata {
  /** The target's name in its descriptor. */
  readonly target: string;
  readonly profile: Profile;
  readonly suiteVersion: string;
  /** `two` where a capture confirmed what SIPp said, `one` where there was no capture. */
  readonly witnesses: 'two' | 'one';
  /** Seed of its traffic and of the order of its scenarios. */
  readonly seed: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  /** Whether it was stopped before its end. */
  readonly interrupted: boolean;
}

const RULE_VERDICTS = [...VERDICTS, 'uncovered'] as const;
const NO_VERDICTS = { passed: 0, skipped: 0, inconclusive: 0, failed: 0, error: 0 };

const count = z.int().nonnegative();

const scenarioSchema = z.strictObject({
  name: z.string(),
  /** `file:line` of the scenario. */
  at: z.string(),
  verdict: z.enum(VERDICTS),
  durationMs: count,
  reason: z.string().optional(),
  /** For a failed scenario: each outcome the rule allows, what was observed, and where. */
  violation: violationSchema.optional(),
  /** Why the target is known to fail it. */
  knownFailure: z.string().optional(),
});

const ruleSchema = z.strictObject({
  id: z.string(),
  basis: z.enum(BASES),
  area: z.enum(Object.keys(AREAS)),
  source: z.string(),
  sentence: z.string(),
  verdict: z.enum(RULE_VERDICTS),
  reason: z.string().optional(),
  /** For a broken rule: why the target is known to break it; absent where one of its failures is not listed. */
  knownFailure: z.string().optional(),
  scenarios: z.array(scenarioSchema),
});

const standingSchema = z.strictObject({
  rule: z.string(),
  scenario: z.string().exactOptional(),
  reason: z.string(),
  standing: z.enum(STANDINGS),
});

/**
 * The verdicts of a whole run. `known-failures`: only what the descriptor lists failed. `inconclusive`: nothing was
 * judged at all.
 */
const RUN_VERDICTS = ['conformant', 'inconclusive', 'known-failures', 'nonconformant', 'error'] as const;
type RunVerdict = (typeof RUN_VERDICTS)[number];

/** The schema of `conformance.json`. Durations are in milliseconds, times in UTC. */
export const conformanceSchema = z.strictObject({
  target: z.string(),
  profile: z.enum(PROFILES),
  suiteVersion: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: count,
  witnesses: z.enum(['two', 'one']),
  /** `--seed` with this value makes the same traffic again. */
  seed: count,
  interrupted: z.boolean(),
  verdict: z.enum(RUN_VERDICTS),
  counts: z.strictObject({
    rules: z.record(z.enum(RULE_VERDICTS), count),
    scenarios: z.record(z.enum(VERDICTS), count),
  }),
  rules: z.array(ruleSchema),
  /** The descriptor's known failures, with what the run found of each. */
  knownFailures: z.array(standingSchema),
  /** What went wrong outside every rule. */
  errors: z.array(z.string()),
});

/** The content of `conformance.json`. */
export type Conformance = z.infer<typeof conformanceSchema>;
/** One rule in `conformance.json`. */
export type RuleOutcome = z.infer<typeof ruleSchema>;

/**
 * Judges a run. Every rule of the profile gets the highest verdict of its scenarios, or fails where these passed and
 * scenarios of two other rules could not be judged because the target broke it. The run is an error if a scenario
 * belongs to no rule of the profile, if something fails outside the scenarios, or if it was interrupted. A known
 * failure that passes makes it nonconformant.
 */
export function conformanceOf(
  results: RunResults,
  catalogue: RuleCatalogue,
  metadata: RunMetadata,
): Conformance {
  const ofRule = Map.groupBy(results.scenarios, (scenario) => scenario.ruleId);
  const rules = rulesOf(metadata.profile, catalogue).map((rule) =>
    outcomeOf(rule, ofRule.get(rule.id) ?? [], results.scenarios),
  );
  const judged = new Set(rules.map((rule) => rule.id));
  const strays = results.scenarios
    .filter(({ ruleId }) => ruleId === undefined || !judged.has(ruleId))
    .map((stray) => `${stray.uri}:${stray.line}: "${stray.name}" ${strayReason(stray, metadata.profile)}`);
  const errors = [...results.errors, ...strays, ...interruption(results, metadata)];
  const counts = {
    rules: tally({ ...NO_VERDICTS, uncovered: 0 }, rules),
    scenarios: tally(NO_VERDICTS, results.scenarios),
  };
  return {
    target: metadata.target,
    profile: metadata.profile,
    suiteVersion: metadata.suiteVersion,
    startedAt: metadata.startedAt.toISOString(),
    durationMs: Math.round(metadata.durationMs),
    witnesses: metadata.witnesses,
    seed: metadata.seed,
    interrupted: metadata.interrupted,
    verdict: runVerdict(results, rules, errors),
    counts,
    rules,
    knownFailures: [...results.knownFailures],
    errors,
  };
}

function outcomeOf(
  rule: Rule,
  scenarios: readonly ScenarioResult[],
  all: readonly ScenarioResult[],
): RuleOutcome {
  const { id, basis, source, sentence } = rule;
  let verdict: RuleVerdict = 'uncovered';
  for (const scenario of scenarios)
    verdict = verdict === 'uncovered' ? scenario.verdict : worse(verdict, scenario.verdict);
  const missed = verdict === 'passed' ? brokenElsewhere(id, all) : undefined;
  const decisive = scenarios.filter((scenario) => scenario.verdict === verdict);
  const unexpected = decisive.find(({ knownFailure }) => knownFailure === undefined);
  const { reason = missed, knownFailure } = unexpected ?? decisive[0] ?? {};
  return {
    id,
    basis,
    area: areaOf(id),
    source,
    sentence,
    verdict: missed === undefined ? verdict : 'failed',
    ...(reason === undefined ? {} : { reason }),
    ...(knownFailure === undefined ? {} : { knownFailure }),
    scenarios: scenarios.map((scenario) => ({
      name: scenario.name,
      at: `${scenario.uri}:${scenario.line}`,
      verdict: scenario.verdict,
      durationMs: scenario.durationMs,
      ...(scenario.reason === undefined ? {} : { reason: scenario.reason }),
      ...violationOf(scenario),
      ...(scenario.knownFailure === undefined ? {} : { knownFailure: scenario.knownFailure }),
    })),
  };
}

/** One that could not go on may be a packet that was lost; a second rule that says the same is no accident. */
const LEAST_WITNESSES = 2;

/** What scenarios of other rules missed, as the target broke this one; undefined where too few say so. */
function brokenElsewhere(id: string, scenarios: readonly ScenarioResult[]): string | undefined {
  const missing = scenarios.filter(({ breaks, ruleId }) => breaks === id && ruleId !== id);
  if (new Set(missing.map(({ ruleId }) => ruleId)).size < LEAST_WITNESSES) return undefined;
  const told = missing.map(({ ruleId, name, reason }) => `${ruleId}, ${name}: ${reason}`);
  return `its own scenarios passed, and others could not be judged because it was broken there:\n${told.join('\n')}`;
}

/** Rules that are broken by what scenarios of others missed. */
export function failedElsewhere(rules: readonly RuleOutcome[]): readonly RuleOutcome[] {
  return rules.filter(
    ({ verdict, scenarios }) =>
      verdict === 'failed' && scenarios.every((scenario) => scenario.verdict !== 'failed'),
  );
}

function violationOf({ failure }: ScenarioResult): { violation?: z.infer<typeof violationSchema> } {
  if (failure?.violation === undefined) return {};
  const { acceptable, ...rest } = failure.violation;
  return { violation: { acceptable: [...acceptable], ...rest } };
}

function strayReason({ ruleId }: ScenarioResult, profile: Profile): string {
  return ruleId === undefined
    ? 'has no rule: put it in a Rule that is tagged with one rule id'
    : `was run for ${ruleId}, which is no rule of the profile ${profile}`;
}

function interruption({ scenarios, selected }: RunResults, { interrupted }: RunMetadata): string[] {
  if (!interrupted) return [];
  return [`interrupted: ${scenarios.length} of ${selected} scenarios had begun`];
}

function tally<V extends string>(
  none: Record<V, number>,
  judged: readonly { verdict: V }[],
): Record<V, number> {
  const counts: Record<V, number> = { ...none };
  for (const { verdict } of judged) counts[verdict] += 1;
  return counts;
}

function runVerdict(
  { scenarios, knownFailures }: RunResults,
  rules: readonly RuleOutcome[],
  errors: readonly string[],
): RunVerdict {
  const having = (verdict: Verdict): ScenarioResult[] =>
    scenarios.filter((scenario) => scenario.verdict === verdict);
  const failed = having('failed');
  if (errors.length > 0 || having('error').length > 0 || scenarios.length === 0) return 'error';
  if (failed.some(({ knownFailure }) => knownFailure === undefined) || outlived(knownFailures).length > 0)
    return 'nonconformant';
  if (failedElsewhere(rules).length > 0) return 'nonconformant';
  if (failed.length > 0) return 'known-failures';
  return having('passed').length > 0 ? 'conformant' : 'inconclusive';
}

/** Known failures that pass. Their entries are wrong, and would hide the next failure. */
export function outlived(standings: readonly KnownFailureStanding[]): readonly KnownFailureStanding[] {
  return standings.filter(({ standing }) => standing === 'passed');
}

/**
 * The command's exit code: 0 conformant except for known failures, 1 not conformant, 2 error, 3 nothing was selected
 * or nothing of the selection could be judged.
 */
export function exitCodeOf({ verdict, counts, errors }: Conformance): RunExitCode {
  if (errors.length === 0 && Object.values(counts.scenarios).every((n) => n === 0))
    return EXIT.nothingSelected;
  return EXIT_CODES[verdict];
}

/** An exit code that a verdict leads to. */
export type RunExitCode = (typeof EXIT_CODES)[RunVerdict];

const EXIT_CODES = {
  conformant: EXIT.fine,
  'known-failures': EXIT.fine,
  nonconformant: EXIT.notSo,
  error: EXIT.harness,
  inconclusive: EXIT.nothingSelected,
} as const;

/**
 * Writes `conformance.json`, whole or not at all; returns its path.
 *
 * @throws the file system's error where the folder cannot be written
 */
export function writeConformance(model: Conformance, outDir: string): string {
  const path = join(outDir, 'conformance.json');
  writeAtomically(path, `${JSON.stringify(model, null, 2)}\n`);
  return path;
}
