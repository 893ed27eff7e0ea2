import { availableParallelism } from 'node:os';

import { readCommandLine, wholeNumber } from '../../harness/command_line.ts';
import { HarnessError } from '../../harness/verdict.ts';

/** More labs than cores, as a lab waits much of its time; each takes some hundred megabytes. */
const DEFAULT_LABS = Math.min(availableParallelism() * 3, 12);

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run mutants -- [options]

Changes the reference's decision code (mutants/decision_code.yaml) in one small place at a time, by rule, and runs the
scenarios that reach that place until one fails. A mutant that none finds shows what the suite does not look at. Writes
mutants.json and mutants.html, which keep what earlier runs found of files that are still the same.

  --file FILE    only mutants of this file: impl/edge/policy.ts; may be given several times
  --mutant ID    one mutant, or those whose ids begin so: impl/edge/policy.ts:117; also if it is marked as equivalent
  --changed      only mutants of files that changed since the last commit
  --continue     not those that mutants.json says were killed, if their file is still the same
  --labs N       labs at a time                            (${DEFAULT_LABS})
  --out FOLDER   where reports go                          (reports/out)
  --help         this text
`;

/** What the user asks for: at most one of `file`, `mutant` and `changed`. */
export interface Options {
  readonly file: readonly string[];
  /** The beginning of mutants' ids. */
  readonly mutant: string | undefined;
  readonly changed: boolean;
  /** Whether those that were killed before are left out. */
  readonly continues: boolean;
  readonly labs: number;
  readonly out: string;
}

const FLAGS = {
  file: { type: 'string', multiple: true, default: [] as string[] },
  mutant: { type: 'string' },
  changed: { type: 'boolean', default: false },
  continue: { type: 'boolean', default: false },
  labs: { type: 'string', default: String(DEFAULT_LABS) },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readOptions(argv: readonly string[]): Options | 'help' {
  const { values } = readCommandLine('npm run mutants --', argv, { options: FLAGS });
  if (values.help) return 'help';
  const { file, mutant, changed, continue: continues, out } = values;
  const labs = wholeNumber('--labs', values.labs, 1, 32);
  if ([file.length > 0, mutant !== undefined, changed].filter(Boolean).length > 1)
    throw new HarnessError('give one of --file, --mutant and --changed, not several');
  return { file, mutant, changed, continues, labs, out };
}
