import { Mixture } from './mixture.ts';
import { expectedPatch, type Before, type Misfit, type PatchExpectation, type PatchRow } from './patch.ts';
import { nameOfPatch } from './patch_fields.ts';
import {
  badRegions,
  badSources,
  goodRegions,
  goodSources,
  MISFITS,
  REGION_FLAWS,
  SOURCE_FLAWS,
} from './patch_values.ts';

/** A row, what the documents say of it, and what a reader calls it. */
export interface PatchTableRow extends PatchExpectation {
  readonly row: PatchRow;
  /** Unique in the table. */
  readonly name: string;
}

/** What a PATCH sets. */
type Wish = Pick<PatchRow, 'before' | 'enabled' | 'password' | 'sources' | 'regions' | 'misfit'>;

const BEFORES: readonly Before[] = ['off', 'off again', 'password', 'list', 'both'];
const FLAGS = ['absent', true, false] as const;
const LISTS = ['absent', 'empty', 'good', 'bad'] as const;
const ABSENT = { kind: 'absent' } as const;
const EMPTY = { kind: 'good', entries: [] } as const;
/** So many PATCHes have the same mistake in the same state, and each something else beside it. */
const WITH_A_MISTAKE = 3;

/**
 * The table of PATCH. The first part has each state that an application may be in, and each field present or absent, with
 * a good value, an empty list or a bad one. In the second one all is right but one thing, each thing in each state. Some
 * rows of both come as merge patches once more. What decides nothing is mixed in: which good or bad value it is, the
 * order of the fields, another name, and whether the PATCH is sent again.
 *
 * @param regions the regions that the target knows
 */
export function patchRows(regions: readonly string[]): readonly PatchTableRow[] {
  const mix = new Mixture();
  const wishes = [...combinations(regions, mix), ...mistakes(regions, mix)];
  const rows = wishes.map((wish) => mixedIn(wish, mix));
  const merged = rows
    .filter(() => mix.one([true, false, false, false]))
    .map((row) => ({ ...row, type: 'merge patch' }) as const);
  const byName = new Map([...rows, ...merged].map((row) => [nameOfPatch(row), row]));
  return [...byName].map(([name, row]) => ({ row, name, ...expectedPatch(row) }));
}

function* combinations(known: readonly string[], mix: Mixture): Generator<Wish> {
  for (const before of BEFORES) {
    for (const enabled of FLAGS) {
      for (const password of FLAGS) {
        for (const sources of LISTS) {
          for (const regions of LISTS) {
            const wish: Wish = {
              before,
              enabled,
              password,
              sources: sourcesOf(sources, mix),
              regions: regionsOf(regions, known, mix),
              misfit: undefined,
            };
            if (asksForSomething(wish)) yield wish;
          }
        }
      }
    }
  }
}

/** PATCHes in which one thing is wrong, beside good ones and on its own. */
function* mistakes(known: readonly string[], mix: Mixture): Generator<Wish> {
  for (const before of BEFORES) {
    for (let count = 0; count < WITH_A_MISTAKE; count += 1) {
      for (const flaw of SOURCE_FLAWS)
        yield { ...granted(before, 'allowedSourceIps', known, mix), sources: badSources(flaw, mix) };
      for (const flaw of REGION_FLAWS)
        yield { ...granted(before, 'allowedRegions', known, mix), regions: badRegions(flaw, known, mix) };
      for (const misfit of MISFITS) yield { ...granted(before, misfit.field, known, mix), misfit };
    }
    const nothing: Wish = {
      before,
      enabled: 'absent',
      password: 'absent',
      sources: ABSENT,
      regions: ABSENT,
      misfit: undefined,
    };
    for (const flaw of SOURCE_FLAWS) yield { ...nothing, sources: badSources(flaw, mix) };
    for (const flaw of REGION_FLAWS) yield { ...nothing, regions: badRegions(flaw, known, mix) };
    for (const misfit of MISFITS) yield { ...nothing, misfit };
  }
}

/** A wish that is granted, or would be if it were not for the field that it leaves out. */
function granted(before: Before, without: Misfit['field'], known: readonly string[], mix: Mixture): Wish {
  const isOn = before !== 'off' && before !== 'off again';
  const leaves = (field: string): boolean => field === without;
  const enabled = mix.one(
    isOn ? (['absent', 'absent', true, false] as const) : ([true, true, false] as const),
  );
  const wish: Wish = {
    before,
    enabled: leaves('inboundSipCallsEnabled') ? 'absent' : enabled,
    password: leaves('passwordAuthEnabled') ? 'absent' : mix.one(FLAGS),
    sources: leaves('allowedSourceIps') ? ABSENT : sourcesOf(mix.one(['absent', 'good']), mix),
    regions: leaves('allowedRegions') ? ABSENT : regionsOf(mix.one(['absent', 'empty', 'good']), known, mix),
    misfit: undefined,
  };
  if (wish.enabled === false) return { ...wish, password: 'absent', sources: ABSENT, regions: ABSENT };
  const isProtected = expectedPatch({ ...wish, ...ALONE }).granted !== undefined;
  if (isProtected) return wish;
  return leaves('passwordAuthEnabled') ? { ...wish, sources: goodSources(mix) } : { ...wish, password: true };
}

/** A PATCH of its own, with nothing mixed in. */
const ALONE = { renames: false, turn: 0, type: 'JSON', sent: 'once' } as const;

function mixedIn(wish: Wish, mix: Mixture): PatchRow {
  const named = wish.misfit?.field === 'applicationName';
  const row = {
    ...wish,
    ...ALONE,
    renames: !named && mix.one([true, false]),
    turn: mix.one([0, 1, 2, 3, 4]),
  };
  // What is granted leaves another application, so that the same PATCH is another row then.
  const isRefused = expectedPatch(row).granted === undefined;
  return {
    ...row,
    sent: mix.one(isRefused ? ['once', 'once', 'twice', 'to two'] : ['once', 'once', 'to two']),
  };
}

function sourcesOf(kind: (typeof LISTS)[number], mix: Mixture): PatchRow['sources'] {
  if (kind === 'absent') return ABSENT;
  if (kind === 'empty') return EMPTY;
  return kind === 'good' ? goodSources(mix) : badSources(mix.one(SOURCE_FLAWS), mix);
}

function regionsOf(
  kind: (typeof LISTS)[number],
  known: readonly string[],
  mix: Mixture,
): PatchRow['regions'] {
  if (kind === 'absent') return ABSENT;
  if (kind === 'empty') return EMPTY;
  return kind === 'good' ? goodRegions(known, mix) : badRegions(mix.one(REGION_FLAWS), known, mix);
}

/** What changes nothing that a rule speaks of is no row. */
function asksForSomething({ before, enabled, password, sources, regions }: Wish): boolean {
  const isOn = before !== 'off' && before !== 'off again';
  return password !== 'absent' || sources.kind !== 'absent' || regions.kind !== 'absent' || enabled === !isOn;
}
