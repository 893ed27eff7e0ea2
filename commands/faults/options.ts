import { availableParallelism } from 'node:os';

import { FAMILIES } from '../../faults/generated/families.ts';
import { oneOf, readCommandLine, wholeNumber } from '../../harness/command_line.ts';
import { freshSeed, SEEDS_BELOW } from '../../harness/randomness.ts';
import { HarnessError } from '../../harness/verdict.ts';

/** More labs than cores, as a lab waits much of its time; each takes some hundred megabytes. */
const DEFAULT_LABS = Math.min(availableParallelism() * 3, 12);

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run faults -- [options]

Starts the reference with each fault of faults/ in turn. Runs a smoke set of other rules, and the scenarios of the
fault's rule up to the first that turns red, as one must. Of the others, one may turn red only if the fault's file says
so or it failed after the same steps. Writes faults.json and faults.html.

  --fault ID     one fault, with the whole suite
  --generated [FAMILY]
                 other faults, made of a check and a condition under which it is left out, against the rules it
                 serves; one family of ${Object.keys(FAMILIES).join(', ')}, or all;
                 with --fault ID only those whose ids begin so
  --rule ID      only those of this rule, or of the rules below it: sip.auth has sip.auth.stale-nonce and others
  --changed      only those whose rule, steps or scenarios changed since the last commit
  --sample       a quarter of each rule's, at least one
  --seed N       which ones: those of the run that had this seed  (a new one, printed)
  --labs N       labs at a time                            (${DEFAULT_LABS})
  --out FOLDER   where reports go                          (reports/out)
  --help         this text
`;

/** What the user asks for. */
export interface Options {
  /** The id of a fault; the beginning of ids, where generated ones are run. */
  readonly fault: string | undefined;
  /** The families of generated faults to run; undefined: none of them. */
  readonly generated: readonly string[] | undefined;
  readonly rule: string | undefined;
  readonly changed: boolean;
  /** The seed of the sample to run; undefined: all are run. */
  readonly sample: number | undefined;
  readonly labs: number;
  readonly out: string;
}

const FLAGS = {
  fault: { type: 'string' },
  generated: { type: 'boolean', default: false },
  rule: { type: 'string' },
  changed: { type: 'boolean', default: false },
  sample: { type: 'boolean', default: false },
  seed: { type: 'string' },
  labs: { type: 'string', default: String(DEFAULT_LABS) },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readOptions(argv: readonly string[]): Options | 'help' {
  const config = { options: FLAGS, allowPositionals: true } as const;
  const { values, positionals } = readCommandLine('npm run faults --', argv, config);
  if (values.help) return 'help';
  const { fault, rule, changed, out } = values;
  const generated = familiesOf(values.generated, positionals);
  const labs = wholeNumber('--labs', values.labs, 1, 32);
  const given = Object.entries({
    '--fault': generated === undefined ? fault : undefined,
    '--generated': generated,
    '--rule': rule,
    '--changed': changed || undefined,
    '--sample': values.sample || undefined,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (given.length > 1) throw new HarnessError(`give ${given.join(' or ')}, not both`);
  const sample = values.sample ? seedOf(values.seed) : undefined;
  if (sample === undefined && values.seed !== undefined) throw new HarnessError('--seed is for --sample');
  return { fault, generated, rule, changed, sample, labs, out };
}

function seedOf(value: string | undefined): number {
  return value === undefined ? freshSeed() : wholeNumber('--seed', value, 1, SEEDS_BELOW - 1);
}

function familiesOf(isGenerated: boolean, words: readonly string[]): readonly string[] | undefined {
  const all = Object.keys(FAMILIES);
  if (!isGenerated && words.length > 0)
    throw new HarnessError(`what is ${words.join(' ')} for? (--help tells)`);
  if (!isGenerated) return undefined;
  return words.length === 0 ? all : words.map((word) => oneOf('--generated', all, word));
}
