import type { Mixture } from './mixture.ts';
import type { ListValue, Misfit, SourceFlaw } from './patch.ts';

type Sources = ListValue<SourceFlaw>;
type Regions = ListValue<'app.regions.unknown'>;

/** So many entries a list of sources takes. */
const MOST_SOURCES = 25;

const GOOD_SOURCES: readonly (readonly string[])[] = [
  ['203.0.113.0/25'],
  ['198.51.100.5/32', '203.0.113.128/25'],
  ['0.0.0.0/0'],
  singleAddresses(MOST_SOURCES),
];
const BAD_FORMS: readonly (readonly [SourceFlaw, string])[] = [
  ['app.cidr.rejected', '192.168.1.5/24'],
  ['app.cidr.rejected', '::1/128'],
  ['app.cidr.malformed', '203.0.113.9'],
  ['app.cidr.malformed', '203.0.113.0/33'],
  ['app.cidr.malformed', '203.0.256.0/24'],
];
const NOT_PUBLIC: readonly (readonly [SourceFlaw, string])[] = [
  ['app.cidr.rejected', '10.0.0.0/8'],
  ['app.cidr.rejected', '127.0.0.0/8'],
  ['app.cidr.non-public', '100.64.0.0/10'],
  ['app.cidr.non-public', '224.0.0.0/4'],
];

/** A list of sources that is taken. */
export function goodSources(mix: Mixture): Sources {
  return { kind: 'good', entries: mix.one(GOOD_SOURCES) };
}

/** What may be wrong with a list of sources: the form of an entry, where it is, one that is there twice, their number. */
export const SOURCE_FLAWS = ['form', 'place', 'repetition', 'number'] as const;

/** A list of sources that is refused for this, wherever in it the mistake is. */
export function badSources(flaw: (typeof SOURCE_FLAWS)[number], mix: Mixture): Sources {
  if (flaw === 'number')
    return { kind: 'bad', flaw: 'app.cidr.limit', entries: singleAddresses(MOST_SOURCES + 1) };
  const count = mix.one([1, 2, 3, MOST_SOURCES]);
  if (flaw === 'repetition') {
    const entries = singleAddresses(Math.max(count - 1, 1));
    return { kind: 'bad', flaw: 'app.cidr.malformed', entries: withOne(entries, entries[0]!, mix) };
  }
  const [rule, entry] = mix.one(flaw === 'form' ? BAD_FORMS : NOT_PUBLIC);
  return { kind: 'bad', flaw: rule, entries: withOne(singleAddresses(count - 1), entry, mix) };
}

/** A list of regions that is taken. */
export function goodRegions(known: readonly string[], mix: Mixture): Regions {
  return { kind: 'good', entries: mix.one([known, known.slice(0, 1), known.slice(-1)]) };
}

/** What may be wrong with a list of regions. */
export const REGION_FLAWS = ['entry', 'repetition'] as const;

/** A list of regions that is refused for this, wherever in it the mistake is. */
export function badRegions(
  flaw: (typeof REGION_FLAWS)[number],
  known: readonly string[],
  mix: Mixture,
): Regions {
  const good = mix.one([[], known.slice(0, 1), known]);
  const entries =
    flaw === 'entry'
      ? withOne(good, 'ATLANTIS', mix)
      : withOne(good.length > 0 ? good : known.slice(-1), good[0] ?? known.at(-1) ?? 'ATLANTIS', mix);
  return { kind: 'bad', flaw: 'app.regions.unknown', entries };
}

/** What no PATCH may have, whatever else it has. */
export const MISFITS: readonly Misfit[] = [
  { rule: 'app.errors', field: 'inboundSipCallsEnabled', value: 'true', what: 'as a text' },
  { rule: 'app.errors', field: 'passwordAuthEnabled', value: 'true', what: 'as a text' },
  { rule: 'app.errors', field: 'passwordAuthEnabled', value: null, what: 'null' },
  { rule: 'app.errors', field: 'allowedSourceIps', value: '203.0.113.0/24', what: 'as a text' },
  { rule: 'app.errors', field: 'allowedSourceIps', value: ['203.0.113.0/24', 7], what: 'with a number' },
  { rule: 'app.errors', field: 'allowedSourceIps', value: [null, '203.0.113.0/24'], what: 'with a null' },
  { rule: 'app.errors', field: 'allowedRegions', value: 'US', what: 'as a text' },
  { rule: 'app.errors', field: 'allowedRegions', value: [7], what: 'with a number' },
  { rule: 'app.errors', field: 'applicationName', value: 7, what: 'as a number' },
  { rule: 'app.unknown-fields', field: 'sipAuthPassword', value: 'chosen', what: 'chosen by the client' },
  { rule: 'app.unknown-fields', field: 'anything', value: null, what: 'null' },
  {
    rule: 'hard.callback-url',
    field: 'callStatusCallbackUrl',
    value: 'http://10.0.0.1/',
    what: 'in a private network',
  },
];

/** This many prefixes of one address each. */
function singleAddresses(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `203.0.113.${200 + index}/32`);
}

/** The list with this entry in it: first, last or between the others. */
function withOne(entries: readonly string[], entry: string, mix: Mixture): readonly string[] {
  const at = mix.one([0, entries.length >> 1, entries.length]);
  return [...entries.slice(0, at), entry, ...entries.slice(at)];
}
