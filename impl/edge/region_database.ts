import { open, type CountryResponse, type Reader } from 'maxmind';

import { RangeBuilder, type AddressRanges } from '../net/address_ranges.ts';
import { formatIpv4Address } from '../net/ipv4.ts';

/** A country database, and the region of each country or continent. */
export interface RegionDatabase {
  /** A database in MaxMind format: https://maxmind.github.io/MaxMind-DB/. */
  readonly file: string;
  /** Region by ISO 3166-1 alpha-2 code. */
  readonly countries: Readonly<Record<string, string>>;
  /** Region by continent code, for countries that `countries` does not name. */
  readonly continents: Readonly<Partial<Record<string, string>>>;
}

/** A country database turned into regions. */
export interface DatabaseRegions {
  readonly ranges: AddressRanges<string>;
  /** Codes that the configuration maps but no address has; they may be misspelt. */
  readonly unused: readonly string[];
}

/** The code of a RegionDatabaseError. It passes between processes; the class does not. */
export const REGION_DATABASE_ERROR = 'REGION_DATABASE';

/** A region database that cannot be used. The message names the file, what is wrong, and how to mend it. */
export class RegionDatabaseError extends Error {
  override readonly name = 'RegionDatabaseError';
  readonly code = REGION_DATABASE_ERROR;
}

const MEND = 'set regionDatabase.file (VOICE_EDGE_REGION_DATABASE) to a country database in MaxMind format';

/**
 * Reads the whole database once, so that no call waits for decoding, and damage shows at the start. Rejects with a
 * RegionDatabaseError.
 */
export async function readRegionDatabase(database: RegionDatabase): Promise<DatabaseRegions> {
  const { file, countries, continents } = database;
  const reader = await opened(file);
  const seen = new Set<string>();
  const builder = new RangeBuilder<string>();
  const regionOf = regionOfRecord(database, seen);
  try {
    for (const { first, record } of networks(reader)) builder.from(first, regionOf(record));
  } catch (error) {
    throw new RegionDatabaseError(
      `${file} is damaged (${error instanceof Error ? error.message : String(error)}): fetch it again, or ${MEND}`,
    );
  }
  const sorts = [
    { kind: 'country', wanted: countries, prefix: COUNTRY },
    { kind: 'continent', wanted: continents, prefix: CONTINENT },
  ];
  const unused: string[] = [];
  for (const { kind, wanted, prefix } of sorts) {
    const codes = Object.keys(wanted);
    if (codes.length === 0) continue;
    if (![...seen].some((code) => code.startsWith(prefix))) {
      throw new RegionDatabaseError(
        `${file} holds no ${kind} codes, but regions are given by ${kind}: ${MEND} that has them`,
      );
    }
    unused.push(...codes.filter((code) => !seen.has(prefix + code)));
  }
  return { ranges: builder.built(), unused };
}

async function opened(file: string): Promise<Reader<CountryResponse>> {
  try {
    return await open<CountryResponse>(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      typeof code === 'string' && /^E[A-Z]+$/.test(code)
        ? `cannot be read (${code})`
        : 'is not a database in MaxMind format (an .mmdb file, unpacked)';
    throw new RegionDatabaseError(`${file} ${why}: ${MEND}`);
  }
}

interface Network {
  /** Its lowest address, unsigned 32 bit. */
  readonly first: number;
  readonly record: unknown;
}

/** Every IPv4 network of the database, in rising order. Throws where the file is damaged. */
function* networks(reader: Reader<CountryResponse>): Generator<Network> {
  // A tree of n nodes has n + 1 leaves; a damaged one may hold a circle.
  let left = reader.metadata.nodeCount + 1;
  for (let first = 0; first <= 0xffffffff;) {
    if (--left < 0) throw new Error('its search tree has no end');
    const [record, length] = reader.getWithPrefixLength(formatIpv4Address(first));
    yield { first, record };
    first += 2 ** (32 - length);
  }
}

const COUNTRY = 'country ';
const CONTINENT = 'continent ';

/** Returns a function from a record to its configured region; it adds the codes it meets to `seen`. */
function regionOfRecord({ countries, continents }: RegionDatabase, seen: Set<string>) {
  // The reader gives the same object for the same place in the file.
  const known = new WeakMap<object, string | undefined>();
  return (record: unknown): string | undefined => {
    if (!isMapping(record)) return undefined;
    if (known.has(record)) return known.get(record);
    const country = codeIn(record, 'country', 'iso_code', 'country_code');
    const continent = codeIn(record, 'continent', 'code', 'continent_code');
    if (country !== undefined) seen.add(COUNTRY + country);
    if (continent !== undefined) seen.add(CONTINENT + continent);
    const region =
      (country === undefined ? undefined : countries[country]) ??
      (continent === undefined ? undefined : continents[continent]);
    known.set(record, region);
    return region;
  };
}

/** MaxMind's own databases hold `country: {iso_code}`; others `country: code`, or `country_code: code`. */
function codeIn(
  record: Record<string, unknown>,
  key: string,
  inner: string,
  flat: string,
): string | undefined {
  const value = record[key];
  const code = isMapping(value) ? value[inner] : (value ?? record[flat]);
  return typeof code === 'string' && /^[A-Za-z]{2}$/.test(code) ? code.toUpperCase() : undefined;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
