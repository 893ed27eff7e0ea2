import { join } from 'node:path';
import { styleText } from 'node:util';

import type { Verdict } from '../harness/verdict.ts';
import { writeAtomically } from './atomic_file.ts';
import type { Conformance } from './conformance.ts';
import { inColour, type Output } from './output.ts';
import { VERDICT_WORDS } from './terminal.ts';

/** One of several runs of the same selection. */
export interface RepeatedRun {
  /** From 1. */
  readonly repeat: number;
  readonly seed: number;
  /** The folder of its reports, which is removed where it was conformant. */
  readonly folder: string;
  readonly exitCode: number;
  readonly durationMs: number;
  /** Undefined where it wrote no report. */
  readonly conformance: Conformance | undefined;
}

/** The runs of one command, and what the command was. */
export interface RepeatedRuns {
  /** The first run's; those of the others follow from it. */
  readonly seed: number;
  /** How many runs were asked for. */
  readonly times: number;
  readonly runs: readonly RepeatedRun[];
  /** The command that runs the selection once, as words, without a seed. */
  readonly command: readonly string[];
}

/** A scenario's outcomes in several runs. */
interface ScenarioOfRuns {
  readonly ruleId: string;
  readonly name: string;
  /** `file:line`. */
  readonly at: string;
  /** Each verdict with the runs that had it, the most frequent first. */
  readonly outcomes: readonly (readonly [verdict: Verdict, runs: readonly RepeatedRun[]])[];
}

/** Scenarios whose verdict was not the same in all runs. */
function flakesOf(runs: readonly RepeatedRun[]): readonly ScenarioOfRuns[] {
  return scenariosOf(runs).filter(({ outcomes }) => outcomes.length > 1);
}

/** Scenarios with the same bad verdict in all runs: these are no flakes. */
function steadyTroubleOf(runs: readonly RepeatedRun[]): readonly ScenarioOfRuns[] {
  return scenariosOf(runs).filter(({ outcomes: [[verdict, same] = ['passed', []]] }) => {
    return same.length === runs.length && (verdict === 'failed' || verdict === 'error');
  });
}

/** The scenarios of all runs except interrupted ones: what those left out proves nothing. */
function scenariosOf(runs: readonly RepeatedRun[]): ScenarioOfRuns[] {
  const whole = runs.filter(({ conformance }) => conformance?.interrupted === false);
  const scenarios = whole.flatMap((run) =>
    (run.conformance?.rules ?? []).flatMap(({ id, scenarios: ofRule }) =>
      ofRule.map(({ name, at, verdict }) => ({ ruleId: id, name, at, verdict, run })),
    ),
  );
  return [...Map.groupBy(scenarios, ({ ruleId, name, at }) => `${ruleId} ${at} ${name}`).values()].flatMap(
    (ofScenario) => {
      const [first] = ofScenario;
      if (!first) return [];
      const { ruleId, name, at } = first;
      const outcomes = [...Map.groupBy(ofScenario, ({ verdict }) => verdict)]
        .map(([verdict, ofVerdict]) => [verdict, ofVerdict.map(({ run }) => run)] as const)
        .toSorted(([, a], [, b]) => b.length - a.length);
      return [{ ruleId, name, at, outcomes }];
    },
  );
}

/**
 * Writes `stability.json`, whole or not at all: each repeat with its seed, and each scenario that flaked with its
 * verdict in each repeat.
 *
 * @throws the file system's error where the folder cannot be written
 */
export function writeStability({ seed, times, runs }: RepeatedRuns, outDir: string): void {
  const stability = {
    seed,
    times,
    conformant: conformant(runs).length,
    repeats: runs.map(({ repeat, seed: own, exitCode, durationMs, conformance }) => ({
      repeat,
      seed: own,
      exitCode,
      verdict: conformance?.verdict ?? null,
      durationMs: Math.round(durationMs),
    })),
    flakes: flakesOf(runs).map(({ outcomes, ...scenario }) => ({
      ...scenario,
      repeats: Object.fromEntries(outcomes.map(([verdict, of]) => [verdict, of.map(({ repeat }) => repeat)])),
    })),
  };
  writeAtomically(join(outDir, 'stability.json'), `${JSON.stringify(stability, null, 2)}\n`);
}

function conformant(runs: readonly RepeatedRun[]): readonly RepeatedRun[] {
  return runs.filter(({ exitCode }) => exitCode === 0);
}

/** Prints a line per repeat, what flaked with the command to rerun it, and how many repeats were conformant. */
export function printStability(
  told: RepeatedRuns,
  out: Output,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const { seed, times, runs, command } = told;
  const coloured = inColour(out, environment);
  const style = (colour: 'red' | 'green', text: string): string =>
    coloured ? styleText(colour, text, { validateStream: false }) : text;
  const flakes = flakesOf(runs);
  const steady = steadyTroubleOf(runs);
  const good = conformant(runs).length;
  const repeats = runs.map(
    ({ repeat, seed: own, exitCode, durationMs, folder, conformance }) =>
      `  ${String(repeat).padStart(4)}  seed ${String(own).padEnd(10)}  ${seconds(durationMs)}  ` +
      `${conformance ? VERDICT_WORDS[conformance.verdict] : 'no report'}${exitCode === 0 ? '' : `, see ${folder}`}`,
  );
  const total = runs.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const facts = [`${flakes.length} flaked`, `seed ${seed}`, seconds(total).trim()].join(', ');
  const verdict = `${good} of ${times} repeats conformant`;
  const blocks = [
    ['repeats', ...repeats].join('\n'),
    ...(steady.length > 0 ? [['wrong in every repeat', ...steady.map(headOf)].join('\n')] : []),
    ...(flakes.length > 0
      ? [[style('red', 'flaked'), ...flakes.map((flake) => flakeText(flake, command))].join('\n')]
      : []),
    `${style(good === times && flakes.length === 0 ? 'green' : 'red', verdict)} (${facts})`,
  ];
  out.write(`\n${blocks.join('\n\n')}\n`);
}

function headOf({ ruleId, name, at }: ScenarioOfRuns): string {
  return `  ${ruleId}: ${name} (${at})`;
}

function flakeText(flake: ScenarioOfRuns, command: readonly string[]): string {
  const [[usual, usually] = ['', []], ...others] = flake.outcomes;
  const rare = others.flatMap(([verdict, runs]) =>
    runs.map(
      ({ repeat, seed }) =>
        `    ${verdict} in repeat ${repeat}: ${[...command, '--seed', String(seed)].map(quoted).join(' ')}`,
    ),
  );
  return [headOf(flake), `    ${usual} in ${usually.length}`, ...rare].join('\n');
}

/** The word, quoted for a shell where it needs to be. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(6)} s`;
}
