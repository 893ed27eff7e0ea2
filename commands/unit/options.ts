import { readCommandLine } from '../../harness/command_line.ts';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run check:unit -- [FILE...]

Runs the unit tests in these files, or all of them: quiet while they pass, every failure whole, and one line at the end.

  --help   this text
`;

const FLAGS = { help: { type: 'boolean', default: false } } as const;

/** The files of the command line. Throws a HarnessError if an option is among them. */
export function readOptions(argv: readonly string[]): readonly string[] | 'help' {
  const command = 'npm run check:unit --';
  const { values, positionals } = readCommandLine(command, argv, { options: FLAGS, allowPositionals: true });
  return values.help ? 'help' : positionals;
}
