import { parseIpv4Prefix, type Ipv4Prefix } from './ipv4_prefix.ts';
import { SPECIAL_PURPOSE_REGISTRY, type RegistryEntry } from './special_purpose_registry.ts';

/** A range of addresses that no customer can call from over the public network. */
export interface NonPublicRange {
  readonly prefix: Ipv4Prefix;
  readonly text: string;
  /** What it is, as in "10.0.0.0/8 is not public: Private-Use". */
  readonly name: string;
  readonly source: string;
}

/** RFC 5737: stand for customers' addresses wherever none may be named, and so are accepted. */
const DOCUMENTATION: ReadonlySet<string> = new Set(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24']);

/** What the registry does not say of itself, each with its reason. */
const ADDITIONS: readonly Omit<NonPublicRange, 'prefix'>[] = [
  // Never a source address (RFC 1112 section 7.2), and in a registry of its own.
  { text: '224.0.0.0/4', name: 'Multicast', source: 'RFC 5771' },
  // Its reachability is blank since it was deprecated: packets from it come from nobody in particular.
  { text: '192.88.99.0/24', name: 'Deprecated (6to4 Relay Anycast)', source: 'RFC 7526' },
];

/**
 * The one rule (app.cidr.non-public): what the registry says is not globally reachable is not public, the
 * documentation ranges excepted.
 */
function isNonPublic({ block, globallyReachable }: RegistryEntry): boolean {
  return globallyReachable === 'no' && !DOCUMENTATION.has(block);
}

/** Every range that is no source of calls. Where they nest the narrower stands first, so that its name is given. */
export const NON_PUBLIC_RANGES: readonly NonPublicRange[] = [
  ...SPECIAL_PURPOSE_REGISTRY.entries
    .filter(isNonPublic)
    .map(({ block, name, rfc }) => ({ text: block, name, source: rfc })),
  ...ADDITIONS,
]
  .map((range) => ({ ...range, prefix: tablePrefix(range.text) }))
  .toSorted((a, b) => b.prefix.mask - a.prefix.mask);

function tablePrefix(text: string): Ipv4Prefix {
  const prefix = parseIpv4Prefix(text);
  if ('reason' in prefix) throw new Error(`special-purpose table: ${text} ${prefix.reason}`);
  return prefix;
}
