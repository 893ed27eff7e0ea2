import { join } from 'node:path';

import { writeAtomically } from './atomic_file.ts';
import type { MutantOutcome, MutantResults } from './mutant_outcome.ts';
import { mutantPage } from './mutant_page.ts';

/** Killed mutants of those that are not equivalent, in percent; 100 if there is none. */
export function scoreOf(mutants: readonly MutantOutcome[]): number {
  const real = mutants.filter(({ status }) => status !== 'equivalent');
  const killed = real.filter(({ status }) => status === 'killed');
  return real.length === 0 ? 100 : (killed.length / real.length) * 100;
}

/** Whether every mutant was killed or is equivalent. */
export function areMutantsFound({ mutants }: MutantResults): boolean {
  return mutants.every(({ status }) => status === 'killed' || status === 'equivalent');
}

/**
 * Writes `mutants.json` and `mutants.html`; returns their paths.
 *
 * @throws the file system's error where `folder` cannot be written
 */
export function writeMutantReports(results: MutantResults, folder: string): { json: string; page: string } {
  const json = join(folder, 'mutants.json');
  const page = join(folder, 'mutants.html');
  writeAtomically(json, `${JSON.stringify(jsonOf(results), undefined, 2)}\n`);
  writeAtomically(page, mutantPage(results, scoreOf(results.mutants)));
  return { json, page };
}

function jsonOf({ scope, mutants, seconds }: MutantResults) {
  return {
    scope,
    seconds: Math.round(seconds),
    score: Math.round(scoreOf(mutants) * 10) / 10,
    mutants: mutants.map(
      ({ id, file, line, mutator, original, replacement, status, killedBy, reason, reachedBy }) => ({
        id,
        file,
        line,
        mutator,
        original,
        replacement,
        status,
        ...(status === 'killed' && { killedBy }),
        ...(reason !== '' && { reason }),
        ...(status === 'survived' && { reachedBy }),
      }),
    ),
  };
}
