import type { Mutant } from '../../mutants/mutant.ts';
import type { MutantOutcome } from '../../reports/mutant_outcome.ts';
import type { MutantReport } from './job.ts';
import type { Reached } from './plan.ts';

const LONGEST_CHANGE = 80;

/** What the trial of a mutant came to. */
export function outcomeOf({ mutant, scenarios }: Reached, report: MutantReport): MutantOutcome {
  const { killedBy, problems, unjudged } = report;
  const reachedBy = scenarios.map(({ place, name }) => `${place} ${name}`);
  const facts = { ...factsOf(mutant), reachedBy, killedBy: '' };
  if (problems.length > 0) return { ...facts, status: 'broken', reason: problems.join('\n') };
  if (killedBy === null) return { ...facts, status: 'survived', reason: unjudged.join('\n') };
  const { by, place, reason } = killedBy;
  return {
    ...facts,
    status: 'killed',
    killedBy: by === 'scenario' ? place : `${by} ${place}`.trim(),
    reason,
  };
}

/** The outcome of a mutant that is not tried, with the reason. */
export function untried(
  mutant: Mutant,
  status: 'equivalent' | 'unreached',
  reason: string = '',
): MutantOutcome {
  return { ...factsOf(mutant), status, reason, killedBy: '', reachedBy: [] };
}

function factsOf({ id, file, line, mutator, original, replacement }: Mutant) {
  return { id, file, line, mutator, original, replacement };
}

/** What is printed when a mutant was tried: what killed it, or else the change that nothing found. */
export function progressLine(
  { id, status, original, replacement, killedBy }: MutantOutcome,
  seconds: number,
): string {
  const told = status === 'killed' ? killedBy : `${shortened(original)} → ${shortened(replacement)}`;
  return `${status} ${id}, ${seconds.toFixed(1)} s: ${told}`;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST_CHANGE ? `${line.slice(0, LONGEST_CHANGE - 1)}…` : line;
}
