import { parseArgs } from 'node:util';
import { HarnessError } from '../../harness/verdict.ts';

export const HELP = `Usage: npm run bench -- api [options]

How long the management API takes for a GET and a PATCH at a steady rate, with a store on disk, in a private network
namespace; and what finding an application costs the signaling edge, among a few and among many. Writes a table and
reports/out/bench-api.json.

  --rate N           requests a second, GET and PATCH in turn   (200)
  --seconds N        how long                                   (20)
  --applications N   how many are many                          (100000)
  --out FOLDER       where the results and the log go           (reports/out)
  --help             this text

Exit codes: 0 measured, 1 requests failed, 2 it could not be measured, 130 interrupted.
`;

export interface ApiOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly applications: number;
  readonly folder: string;
}

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readApiOptions(argv: readonly string[]): ApiOptions | 'help' {
  const values = parsed(argv);
  if (values.help) return 'help';
  return {
    rate: count('--rate', values.rate, 2, 5000),
    seconds: count('--seconds', values.seconds, 1, 3600),
    applications: count('--applications', values.applications, 100, 1_000_000),
    folder: values.out,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        rate: { type: 'string', default: '200' },
        seconds: { type: 'string', default: '20' },
        applications: { type: 'string', default: '100000' },
        out: { type: 'string', default: 'reports/out' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HarnessError(`${reason.split('. ')[0]}; npm run bench -- api --help lists the options`);
  }
}

function count(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new HarnessError(`${flag} takes whole numbers from ${least} to ${most}, not "${text}"`);
}
