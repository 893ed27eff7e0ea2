import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { MUTANT_STATUSES, type MutantOutcome, type MutantResults } from './mutant_outcome.ts';
import { MUTANTS_FILE } from './mutants.ts';

const earlierResults = z.object({
  sources: z.record(z.string(), z.string()),
  mutants: z.array(
    z.object({
      id: z.string(),
      file: z.string(),
      line: z.int(),
      mutator: z.string(),
      original: z.string(),
      replacement: z.string(),
      status: z.enum(MUTANT_STATUSES),
      killedBy: z.string().default(''),
      reason: z.string().default(''),
      reachedBy: z.array(z.string()).default([]),
    }),
  ),
});

/**
 * By its id, what `mutants.json` in this folder says of each mutant whose file is still what it was. Empty where there is
 * no such file, or it is of another version.
 *
 * @param sources by their paths, digests of the files as they are now
 */
export function earlierMutants(
  folder: string,
  sources: MutantResults['sources'],
): ReadonlyMap<string, MutantOutcome> {
  const parsed = earlierResults.safeParse(contentOf(join(folder, MUTANTS_FILE)));
  if (!parsed.success) return new Map();
  const { mutants, sources: then } = parsed.data;
  const current = mutants.filter(({ file }) => then[file] !== undefined && then[file] === sources[file]);
  return new Map(current.map((mutant) => [mutant.id, mutant]));
}

function contentOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
