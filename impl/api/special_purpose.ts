import type { Ipv4Prefix } from '../store/application.ts';
import { parseIpv4Prefix } from '../store/ipv4_prefix.ts';

/** A range of addresses that no customer can call from over the public network. */
export interface SpecialRange {
  readonly prefix: Ipv4Prefix;
  readonly text: string;
  /** What it is, as in "10.0.0.0/8 is private address space". */
  readonly name: string;
  readonly source: string;
}

/**
 * The entries of the IANA IPv4 Special-Purpose Address Registry (RFC 6890) that are not globally reachable, with
 * multicast and the former class E. Not in it: the three documentation ranges (RFC 5737), which the service
 * accepts, and the special ranges that are globally reachable (rule app.cidr.non-public). Where ranges nest, the
 * narrower stands first, so that its name is the one given.
 */
export const SPECIAL_RANGES: readonly SpecialRange[] = (
  [
    ['0.0.0.0/8', '"this network"', 'RFC 791 section 3.2'],
    ['10.0.0.0/8', 'private address space', 'RFC 1918'],
    ['100.64.0.0/10', 'shared address space of carrier-grade NAT', 'RFC 6598'],
    ['127.0.0.0/8', 'loopback', 'RFC 1122 section 3.2.1.3'],
    ['169.254.0.0/16', 'link-local', 'RFC 3927'],
    ['172.16.0.0/12', 'private address space', 'RFC 1918'],
    ['192.0.0.0/24', 'reserved for IETF protocol assignments', 'RFC 6890 section 2.1'],
    ['192.88.99.0/24', 'the deprecated 6to4 relay anycast range', 'RFC 7526'],
    ['192.168.0.0/16', 'private address space', 'RFC 1918'],
    ['198.18.0.0/15', 'reserved for benchmarking', 'RFC 2544'],
    ['224.0.0.0/4', 'multicast', 'RFC 5771'],
    ['255.255.255.255/32', 'the limited broadcast address', 'RFC 919 section 7'],
    ['240.0.0.0/4', 'reserved for future use', 'RFC 1112 section 4'],
  ] as const
).map(([text, name, source]) => ({ prefix: tablePrefix(text), text, name, source }));

function tablePrefix(text: string): Ipv4Prefix {
  const prefix = parseIpv4Prefix(text);
  if ('reason' in prefix) throw new Error(`special-purpose table: ${text} ${prefix.reason}`);
  return prefix;
}
