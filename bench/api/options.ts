import { readCommandLine, wholeNumber } from '../../harness/command_line.ts';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run bench -- api [options]

Measures how long the management API takes for a GET and a PATCH at a steady rate, with a store on disk, and what it
costs the signaling edge to find an application among a few and among many. Runs in a private network namespace. Writes
a table and reports/out/bench-api.json.

  --rate N           requests a second, GET and PATCH in turn   (200)
  --seconds N        how long                                   (20)
  --applications N   applications that one is found among       (100000)
  --out FOLDER       where the results and the log go           (reports/out)
  --help             this text
`;

/** What the user asks for. */
export interface ApiOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly applications: number;
  readonly folder: string;
}

const FLAGS = {
  rate: { type: 'string', default: '200' },
  seconds: { type: 'string', default: '20' },
  applications: { type: 'string', default: '100000' },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readApiOptions(argv: readonly string[]): ApiOptions | 'help' {
  const { values } = readCommandLine('npm run bench -- api', argv, { options: FLAGS });
  if (values.help) return 'help';
  return {
    rate: wholeNumber('--rate', values.rate, 2, 5000),
    seconds: wholeNumber('--seconds', values.seconds, 1, 3600),
    applications: wholeNumber('--applications', values.applications, 100, 1_000_000),
    folder: values.out,
  };
}
