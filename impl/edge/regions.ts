import type { Ipv4Prefix } from '../store/application.ts';
import { parseIpv4Prefix } from '../store/ipv4_prefix.ts';

/** One line of the region table. */
export interface RegionEntry {
  /** Canonical IPv4 prefix: `203.0.113.0/25`. */
  readonly prefix: string;
  readonly region: string;
}

/**
 * The region of a source address (unsigned 32 bit) by an ordered table: the first prefix that holds it decides,
 * undefined where none does. Throws RangeError for a prefix that is not canonical.
 */
export function regionLookup(table: readonly RegionEntry[]): (source: number) => string | undefined {
  const entries = table.map(({ prefix, region }) => {
    const parsed = parseIpv4Prefix(prefix);
    if ('reason' in parsed) throw new RangeError(`region table: ${prefix} ${parsed.reason}`);
    return { prefix: parsed, region };
  });
  return (source) => entries.find(({ prefix }) => prefixHolds(prefix, source))?.region;
}

/** Whether the address (unsigned 32 bit) is one of the prefix. */
export function prefixHolds(prefix: Ipv4Prefix, address: number): boolean {
  return (address & prefix.mask) >>> 0 === prefix.network;
}
