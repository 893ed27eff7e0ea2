import { join } from 'node:path';

import { writeAtomically } from './atomic_file.ts';
import { scoreOf, type MutantResults } from './mutant_outcome.ts';
import { mutantPage } from './mutant_page.ts';

/** The name of the file with what is known of the mutants. */
export const MUTANTS_FILE = 'mutants.json';

/**
 * Writes `mutants.json` and `mutants.html`; returns their paths.
 *
 * @throws the file system's error where `folder` cannot be written
 */
export function writeMutantReports(results: MutantResults, folder: string): { json: string; page: string } {
  const json = join(folder, MUTANTS_FILE);
  const page = join(folder, 'mutants.html');
  writeAtomically(json, `${JSON.stringify(jsonOf(results), undefined, 2)}\n`);
  writeAtomically(page, mutantPage(results));
  return { json, page };
}

function jsonOf({ mutants, untried, sources }: MutantResults) {
  return {
    score: Math.round(scoreOf(mutants) * 10) / 10,
    untried,
    sources,
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
