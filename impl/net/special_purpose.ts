import { parseIpv4Prefix, type Ipv4Prefix } from './ipv4_prefix.ts';
import { SPECIAL_PURPOSE_REGISTRY, type RegistryEntry } from './special_purpose_registry.ts';

/** A range of addresses from which no customer can call over the public network. */
export interface NonPublicRange {
  readonly prefix: Ipv4Prefix;
  readonly text: string;
  /** What it is, as in "shares addresses with 10.0.0.0/8, Private-Use". */
  readonly name: string;
  readonly source: string;
}

/** RFC 5737: documentation ranges. Examples use them as customers' addresses, so they are accepted. */
const DOCUMENTATION: ReadonlySet<string> = new Set(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24']);

/** Ranges that are not public although the registry does not say so, each with the reason. */
const ADDITIONS: readonly Omit<NonPublicRange, 'prefix'>[] = [
  // Never a source address (RFC 1112 section 7.2), and in a registry of its own.
  { text: '224.0.0.0/4', name: 'Multicast', source: 'RFC 5771' },
  // Deprecated, so its reachability is blank: its packets come from no particular sender.
  { text: '192.88.99.0/24', name: 'Deprecated (6to4 Relay Anycast)', source: 'RFC 7526' },
];

/**
 * Rule app.cidr.non-public: a range is not public if the registry says that it is not globally reachable, except the
 * documentation ranges.
 */
function isNonPublic({ block, globallyReachable }: RegistryEntry): boolean {
  return globallyReachable === 'no' && !DOCUMENTATION.has(block);
}

/** Every range that calls cannot come from. Of nested ranges the wider comes first, so that its name is given. */
export const NON_PUBLIC_RANGES: readonly NonPublicRange[] = [
  ...SPECIAL_PURPOSE_REGISTRY.entries
    .filter(isNonPublic)
    .map(({ block, name, rfc }) => ({ text: block, name, source: rfc })),
  ...ADDITIONS,
]
  .map((range) => ({ ...range, prefix: tablePrefix(range.text) }))
  .toSorted((a, b) => a.prefix.mask - b.prefix.mask);

function tablePrefix(text: string): Ipv4Prefix {
  const prefix = parseIpv4Prefix(text);
  if ('reason' in prefix) throw new Error(`special-purpose table: ${text} ${prefix.reason}`);
  return prefix;
}
