import { Mixture } from './mixture.ts';
import {
  expectedPatch,
  type Before,
  type ListValue,
  type PatchExpectation,
  type PatchRow,
  type SourceFlaw,
} from './patch.ts';

/** A row, what the documents say of it, and what a reader calls it. */
export interface PatchTableRow extends PatchExpectation {
  readonly row: PatchRow;
  /** Unique in the table. */
  readonly name: string;
}

const BEFORES: readonly Before[] = ['off', 'off again', 'password', 'list', 'both'];
const FLAGS = ['absent', true, false] as const;
const ABSENT = { kind: 'absent' } as const;
const GOOD_SOURCES: readonly (readonly string[])[] = [
  ['203.0.113.0/25'],
  ['198.51.100.5/32', '203.0.113.128/25'],
  ['0.0.0.0/0'],
];
/** Beside a good entry each, before or after it. */
const BAD_SOURCES: readonly (readonly [SourceFlaw, string])[] = [
  ['app.cidr.rejected', '192.168.1.5/24'],
  ['app.cidr.rejected', '10.0.0.0/8'],
  ['app.cidr.rejected', '127.0.0.0/8'],
  ['app.cidr.rejected', '::1/128'],
  ['app.cidr.malformed', '203.0.113.9'],
  ['app.cidr.malformed', '203.0.113.0/33'],
  ['app.cidr.malformed', '203.0.256.0/24'],
  ['app.cidr.non-public', '100.64.0.0/10'],
  ['app.cidr.non-public', '224.0.0.0/4'],
];

/**
 * The table of PATCH: each state that an application may be in, and each field present or absent, with a good value, an
 * empty list or a bad one. Which good or bad value it is, and whether the application is renamed too, is mixed in.
 *
 * @param regions the regions that the target knows
 */
export function patchRows(regions: readonly string[]): readonly PatchTableRow[] {
  return [...combinations(regions)].map((row) => ({ row, name: nameOf(row), ...expectedPatch(row) }));
}

function* combinations(known: readonly string[]): Generator<PatchRow> {
  const mix = new Mixture();
  for (const before of BEFORES) {
    for (const enabled of FLAGS) {
      for (const password of FLAGS) {
        for (const sources of ['absent', 'empty', 'good', 'bad'] as const) {
          for (const regions of ['absent', 'empty', 'good', 'bad'] as const) {
            const row: PatchRow = {
              before,
              enabled,
              password,
              sources: sourcesOf(sources, mix),
              regions: regionsOf(regions, known, mix),
              renames: mix.one([true, false]),
            };
            if (asksForSomething(row)) yield row;
          }
        }
      }
    }
  }
}

type ListKind = 'absent' | 'empty' | 'good' | 'bad';

function sourcesOf(kind: ListKind, mix: Mixture): ListValue<SourceFlaw> {
  if (kind === 'absent') return ABSENT;
  if (kind === 'empty') return { kind: 'good', entries: [] };
  if (kind === 'good') return { kind: 'good', entries: mix.one(GOOD_SOURCES) };
  const [flaw, entry] = mix.one(BAD_SOURCES);
  const good = '203.0.113.200/32';
  return { kind: 'bad', flaw, entries: mix.one([true, false]) ? [good, entry] : [entry, good] };
}

function regionsOf(kind: ListKind, known: readonly string[], mix: Mixture): ListValue<'app.regions.unknown'> {
  if (kind === 'absent') return ABSENT;
  if (kind === 'empty') return { kind: 'good', entries: [] };
  if (kind === 'good') return { kind: 'good', entries: mix.one([known, known.slice(0, 1), known.slice(-1)]) };
  return { kind: 'bad', flaw: 'app.regions.unknown', entries: [...known.slice(0, 1), 'ATLANTIS'] };
}

/** What changes nothing that a rule speaks of is no row. */
function asksForSomething({ before, enabled, password, sources, regions }: PatchRow): boolean {
  const isOn = before !== 'off' && before !== 'off again';
  return password !== 'absent' || sources.kind !== 'absent' || regions.kind !== 'absent' || enabled === !isOn;
}

function nameOf({ before, enabled, password, sources, regions, renames }: PatchRow): string {
  const lists = [
    ['allowedSourceIps', sources],
    ['allowedRegions', regions],
  ] as const;
  const fields = [
    ...(enabled === 'absent' ? [] : [`inboundSipCallsEnabled ${enabled}`]),
    ...(password === 'absent' ? [] : [`passwordAuthEnabled ${password}`]),
    ...lists.flatMap(([field, list]) =>
      list.kind === 'absent' ? [] : [`${field} [${list.entries.join(', ')}]`],
    ),
    ...(renames ? ['another name'] : []),
  ];
  const state = { off: 'off', 'off again': 'off again', password: 'on with a password' } as const;
  const states = { ...state, list: 'on with a list', both: 'on with a password, a list and a region' };
  return `${states[before]}; ${fields.join('; ')}`;
}
