import { readCommandLine, wholeNumber } from '../../harness/command_line.ts';
import type { DatagramKind } from './requests.ts';

/** What --help prints ahead of the exit codes. */
export const HELP = `Usage: npm run bench -- flood [options]

Floods our edge from sixteen addresses, in a private network namespace, with all of these at once: garbage; INVITEs
that are never acknowledged; OPTIONS; OPTIONS of 60 kB and INVITEs of 40 kB; TCP connections whose answers nobody reads,
that are kept open by line breaks, or that begin a message and stop. Good calls run meanwhile, over UDP and TCP: all of
those before and after and 99 % of those during the floods have to succeed, and memory has to level off. Writes a table
and reports/out/bench-flood.json.

  --seconds N        how long the floods last, from 10     (60)
  --garbage N        datagrams of garbage a second         (1000)
  --invites N        INVITEs without credentials a second  (500)
  --options N        OPTIONS a second                      (1000)
  --large N          large OPTIONS a second, and as many large INVITEs  (400)
  --connections N    TCP connections opened a second       (200)
  --heap MB          the heap that each of the edge's processes may have, from 64  (no limit of ours)
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
  /** Megabytes of V8's old space; undefined: as many as V8 takes by itself. */
  readonly heap: number | undefined;
  readonly folder: string;
}

/** Datagrams of each kind and connections a second. */
export interface FloodRates extends Readonly<Record<DatagramKind, number>> {
  readonly connections: number;
}

const FLAGS = {
  seconds: { type: 'string', default: '60' },
  garbage: { type: 'string', default: '1000' },
  invites: { type: 'string', default: '500' },
  options: { type: 'string', default: '1000' },
  large: { type: 'string', default: '400' },
  connections: { type: 'string', default: '200' },
  heap: { type: 'string' },
  workers: { type: 'string', default: '1' },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the flags. Throws a HarnessError that names the flag and what it takes. */
export function readFloodOptions(argv: readonly string[]): FloodOptions | 'help' {
  const { values } = readCommandLine('npm run bench -- flood', argv, { options: FLAGS });
  if (values.help) return 'help';
  const rate = (name: 'garbage' | 'invites' | 'options' | 'large' | 'connections'): number =>
    wholeNumber(`--${name}`, values[name], 0, MOST_A_SECOND);
  const large = rate('large');
  return {
    seconds: wholeNumber('--seconds', values.seconds, LEAST_SECONDS, 3600),
    rates: {
      garbage: rate('garbage'),
      invites: rate('invites'),
      options: rate('options'),
      largeOptions: large,
      largeInvites: large,
      connections: rate('connections'),
    },
    workers: wholeNumber('--workers', values.workers, 1, 16),
    heap: values.heap === undefined ? undefined : wholeNumber('--heap', values.heap, 64, 65_536),
    folder: values.out,
  };
}
