import { readCommandLine } from '../../harness/command_line.ts';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm test

Everything that must hold before a change lands: format, lint, types, unused code, the unit tests, the features against
the reference, and that the features find a quarter of each rule's faults, another one in each run (all of them: npm run
faults). What a failed check printed last is repeated at the end.

  --help   this text
`;

const FLAGS = { help: { type: 'boolean', default: false } } as const;

/** Takes no option but --help. Throws a HarnessError for any other. */
export function readOptions(argv: readonly string[]): undefined | 'help' {
  const { values } = readCommandLine('npm test --', argv, { options: FLAGS });
  return values.help ? 'help' : undefined;
}
