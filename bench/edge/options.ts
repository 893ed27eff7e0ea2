import { oneOf, readCommandLine, wholeNumber } from '../../harness/command_line.ts';
import { LOAD_NAMES, type LoadName } from './loads.ts';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run bench -- edge [options]

SIPp sends the same load to our edge and to Kamailio 5.6, in turn; both deliver to the same answering SIPp. Runs in a
private network namespace. Writes a table, reports/out/bench-edge.json and reports/out/bench-edge.svg.

  --quick            one round of a few seconds, one step of everything else: to see that it works
  --loads LIST       of ${LOAD_NAMES.join(',')}   (all)
  --rates LIST       calls a second                    (500,1000,2000)
  --rounds N         how often each is measured        (3)
  --seconds N        how long a round lasts            (6)
  --workers N        workers of both servers           (1)
  --ours-only        without Kamailio
  --skip LIST        of runs,maximum,memory,micro      (none)
  --out FOLDER       where the results and logs go     (reports/out)
  --help             this text
`;

const PARTS = ['runs', 'maximum', 'memory', 'micro'] as const;
type Part = (typeof PARTS)[number];

/** What the user asks for. Rates in calls a second. */
export interface EdgeBenchOptions {
  readonly isQuick: boolean;
  readonly loads: readonly LoadName[];
  readonly rates: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly workers: number;
  readonly withKamailio: boolean;
  readonly parts: ReadonlySet<Part>;
  readonly folder: string;
}

const FLAGS = {
  quick: { type: 'boolean', default: false },
  loads: { type: 'string' },
  rates: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  workers: { type: 'string', default: '1' },
  'ours-only': { type: 'boolean', default: false },
  skip: { type: 'string' },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readOptions(argv: readonly string[]): EdgeBenchOptions | 'help' {
  const { values } = readCommandLine('npm run bench -- edge', argv, { options: FLAGS });
  if (values.help) return 'help';
  const isQuick = values.quick;
  const skipped = values.skip === undefined ? [] : listOf('--skip', PARTS, values.skip);
  return {
    isQuick,
    loads: values.loads === undefined ? LOAD_NAMES : listOf('--loads', LOAD_NAMES, values.loads),
    rates: (values.rates ?? '500,1000,2000')
      .split(',')
      .map((text) => wholeNumber('--rates', text.trim(), 1, 20_000)),
    rounds: wholeNumber('--rounds', values.rounds ?? (isQuick ? '1' : '3'), 1, 20),
    seconds: wholeNumber('--seconds', values.seconds ?? (isQuick ? '3' : '6'), 1, 60),
    workers: wholeNumber('--workers', values.workers, 1, 16),
    withKamailio: !values['ours-only'],
    parts: new Set(PARTS.filter((part) => !skipped.includes(part))),
    folder: values.out,
  };
}

function listOf<T extends string>(flag: string, choices: readonly T[], text: string): T[] {
  return text.split(',').map((item) => oneOf(flag, choices, item.trim()));
}
