import { readCommandLine, wholeNumber } from '../../harness/command_line.ts';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run bench -- flood [options]

Floods our edge with garbage, INVITEs that are never acknowledged and half-open TCP connections, all at once, in a
private network namespace. Good calls run before, during and after the floods: each has to succeed, and memory has to
level off. Writes a table and reports/out/bench-flood.json.

  --seconds N        how long the floods last, from 10     (60)
  --garbage N        datagrams of garbage a second         (1000)
  --invites N        INVITEs without credentials a second  (500)
  --connections N    TCP connections opened a second       (200)
  --workers N        workers of the edge                   (1)
  --out FOLDER       where the results and the log go      (reports/out)
  --help             this text
`;

const MOST_A_SECOND = 20_000;
/** Memory is compared over the last two quarters, which must not be too short. */
const LEAST_SECONDS = 10;

/** What the user asks for. */
export interface FloodOptions {
  readonly seconds: number;
  /** Of the floods. */
  readonly rates: FloodRates;
  readonly workers: number;
  readonly folder: string;
}

/** Datagrams, INVITEs and connections a second. */
export interface FloodRates {
  readonly garbage: number;
  readonly invites: number;
  readonly connections: number;
}

const FLAGS = {
  seconds: { type: 'string', default: '60' },
  garbage: { type: 'string', default: '1000' },
  invites: { type: 'string', default: '500' },
  connections: { type: 'string', default: '200' },
  workers: { type: 'string', default: '1' },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readFloodOptions(argv: readonly string[]): FloodOptions | 'help' {
  const { values } = readCommandLine('npm run bench -- flood', argv, { options: FLAGS });
  if (values.help) return 'help';
  return {
    seconds: wholeNumber('--seconds', values.seconds, LEAST_SECONDS, 3600),
    rates: {
      garbage: wholeNumber('--garbage', values.garbage, 0, MOST_A_SECOND),
      invites: wholeNumber('--invites', values.invites, 0, MOST_A_SECOND),
      connections: wholeNumber('--connections', values.connections, 0, MOST_A_SECOND),
    },
    workers: wholeNumber('--workers', values.workers, 1, 16),
    folder: values.out,
  };
}
