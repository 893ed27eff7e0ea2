import { parseArgs } from 'node:util';

import { oneOf, readCommandLine, wholeNumber } from '../../harness/command_line.ts';
import { freshSeed, SEEDS_BELOW } from '../../harness/randomness.ts';
import { PROFILES, type Profile } from '../../harness/rules.ts';
import type { PlaceName } from '../../harness/target/descriptor.ts';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run features -- [options]

Runs the conformance suite against a target and writes the reports to reports/out.

  --target NAME|PATH   a folder in targets/, or a descriptor file          (reference)
  --profile NAME       ${PROFILES.join(', ').padEnd(52)}(full)
  --tags EXPRESSION    only scenarios with these tags, e.g. "@sip.challenge or @app.envelope"
  --row NAME           of the tables only this row, named as a failure names it
  --place NAME         lab, loopback or remote         (the first the target and this machine have)
  --parallel N         scenarios at a time                                 (9)
  --seed N             repeats the traffic of the run that had this seed   (a new one, printed)
  --repeat N           runs it N times, and reports what came out differently             (1)
  --brief              only the verdict of a conformant run: no tables, no Allure report
  --out FOLDER         where reports go                                    (reports/out)
  --help               this text

A seed fixes the order in which scenarios begin, and for each scenario its Call-IDs, From tags, cnonces and UUIDs, the
addresses it picks and the ports it tries first, whatever runs beside it and whatever --tags select. It does not fix
what others choose: SIPp's branches and the cnonces of its digests, the kernel's ports where SIPp does not send, the target's
own choices, and how scenarios that run at the same time interleave.

Repeats have seeds that follow from the first one, and each starts the target anew. The reports of a repeat that is
not conformant stay in FOLDER/repeat-K; FOLDER/stability.json covers all. The exit code is that of the worst repeat.
`;

const PLACE_NAMES: readonly PlaceName[] = ['lab', 'loopback', 'remote'];

/** What the user asks for. */
export interface Options {
  readonly target: string;
  readonly profile: Profile;
  readonly tags: string | undefined;
  readonly row: string | undefined;
  readonly place: PlaceName | undefined;
  readonly parallel: number;
  readonly seed: number;
  readonly repeat: number;
  readonly brief: boolean;
  readonly out: string;
}

const FLAGS = {
  target: { type: 'string', default: 'reference' },
  profile: { type: 'string', default: 'full' },
  tags: { type: 'string' },
  row: { type: 'string' },
  place: { type: 'string' },
  parallel: { type: 'string', default: '9' },
  seed: { type: 'string' },
  repeat: { type: 'string', default: '1' },
  brief: { type: 'boolean', default: false },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readOptions(argv: readonly string[]): Options | 'help' {
  const { values } = readCommandLine('npm run features --', argv, { options: FLAGS });
  if (values.help) return 'help';
  return {
    target: values.target,
    profile: oneOf('--profile', PROFILES, values.profile),
    tags: values.tags,
    row: values.row,
    place: values.place === undefined ? undefined : oneOf<PlaceName>('--place', PLACE_NAMES, values.place),
    parallel: wholeNumber('--parallel', values.parallel, 1, 64),
    seed: values.seed === undefined ? freshSeed() : wholeNumber('--seed', values.seed, 1, SEEDS_BELOW - 1),
    repeat: wholeNumber('--repeat', values.repeat, 1, 1_000),
    brief: values.brief,
    out: values.out,
  };
}

/** A command line without the options of these names and their values. */
export function without(argv: readonly string[], ...names: readonly (keyof typeof FLAGS)[]): string[] {
  const { tokens } = parseArgs({ args: [...argv], options: FLAGS, tokens: true });
  const gone = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option' || !names.some((name) => name === token.name)) continue;
    gone.add(token.index);
    if (token.value !== undefined && !token.inlineValue) gone.add(token.index + 1);
  }
  return argv.filter((_, index) => !gone.has(index));
}
