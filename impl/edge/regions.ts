import { RangeBuilder, type AddressRanges } from '../net/address_ranges.ts';
import { parseIpv4Prefix } from '../net/ipv4_prefix.ts';

/** One line of the region table. */
export interface RegionEntry {
  /** Canonical IPv4 prefix: `203.0.113.0/25`. */
  readonly prefix: string;
  readonly region: string;
}

/**
 * Returns a function from a source address (unsigned 32 bit) to its region, or undefined. The first prefix of the table
 * that holds the address decides; if none does, `database` does. Throws RangeError for a prefix that is not canonical.
 */
export function regionLookup(
  table: readonly RegionEntry[],
  database?: AddressRanges<string>,
): (source: number) => string | undefined {
  const ranges = tableRanges(table);
  return (source) => ranges.find(source) ?? database?.find(source);
}

/** A prefix of the table, and its place there. */
interface Placed {
  readonly first: number;
  readonly last: number;
  /** Place in the table: the lower one decides. */
  readonly order: number;
}

/** Two prefixes are disjoint, or one holds the other. So one pass is enough, with the open ones on a stack. */
function tableRanges(table: readonly RegionEntry[]): AddressRanges<string> {
  const builder = new RangeBuilder<string>();
  const open: Placed[] = [];
  const regionHere = (): string | undefined => {
    const top = open.at(-1);
    return top && table[top.order]?.region;
  };
  const closeBefore = (address: number): void => {
    for (let top = open.at(-1); top !== undefined && top.last < address; top = open.at(-1)) {
      open.pop();
      builder.from(top.last + 1, regionHere());
    }
  };
  for (const placed of table.map(placedEntry).toSorted(byFirstThenWidest)) {
    closeBefore(placed.first);
    // Inside a prefix that stands higher in the table, one that stands lower changes nothing.
    const order = Math.min(placed.order, open.at(-1)?.order ?? Infinity);
    open.push({ ...placed, order });
    builder.from(placed.first, regionHere());
  }
  closeBefore(Infinity);
  return builder.built();
}

function placedEntry({ prefix }: RegionEntry, order: number): Placed {
  const parsed = parseIpv4Prefix(prefix);
  if ('reason' in parsed) throw new RangeError(`region table: ${prefix} ${parsed.reason}`);
  return { first: parsed.network, last: (parsed.network | ~parsed.mask) >>> 0, order };
}

function byFirstThenWidest(a: Placed, b: Placed): number {
  return a.first - b.first || b.last - a.last;
}
