/** The registry's column "Globally Reachable" (beyond an administrative domain). `n/a` if it is blank. */
export type GloballyReachable = 'yes' | 'no' | 'n/a';

/** An entry of the registry without its footnotes. A cell with two blocks becomes two entries. */
export interface RegistryEntry {
  readonly block: string;
  readonly name: string;
  /** The RFC that requested it, with the section if the registry names one. */
  readonly rfc: string;
  readonly globallyReachable: GloballyReachable;
}

/**
 * The IANA IPv4 Special-Purpose Address Registry (RFC 6890, RFC 8190), complete and in its order, so that a newer
 * edition can be compared entry by entry. special_purpose.ts says which sources this excludes.
 */
export const SPECIAL_PURPOSE_REGISTRY: {
  readonly source: string;
  /** Date of the edition. */
  readonly updated: string;
  readonly entries: readonly RegistryEntry[];
} = {
  source: 'https://www.iana.org/assignments/iana-ipv4-special-registry/',
  updated: '2025-10-09',
  entries: (
    [
      ['0.0.0.0/8', '"This network"', 'RFC 791, Section 3.2', 'no'],
      ['0.0.0.0/32', '"This host on this network"', 'RFC 1122, Section 3.2.1.3', 'no'],
      ['10.0.0.0/8', 'Private-Use', 'RFC 1918', 'no'],
      ['100.64.0.0/10', 'Shared Address Space', 'RFC 6598', 'no'],
      ['127.0.0.0/8', 'Loopback', 'RFC 1122, Section 3.2.1.3', 'no'],
      ['169.254.0.0/16', 'Link Local', 'RFC 3927', 'no'],
      ['172.16.0.0/12', 'Private-Use', 'RFC 1918', 'no'],
      ['192.0.0.0/24', 'IETF Protocol Assignments', 'RFC 6890, Section 2.1', 'no'],
      ['192.0.0.0/29', 'IPv4 Service Continuity Prefix', 'RFC 7335', 'no'],
      ['192.0.0.8/32', 'IPv4 dummy address', 'RFC 7600', 'no'],
      ['192.0.0.9/32', 'Port Control Protocol Anycast', 'RFC 7723', 'yes'],
      ['192.0.0.10/32', 'Traversal Using Relays around NAT Anycast', 'RFC 8155', 'yes'],
      ['192.0.0.170/32', 'NAT64/DNS64 Discovery', 'RFC 8880, RFC 7050, Section 2.2', 'no'],
      ['192.0.0.171/32', 'NAT64/DNS64 Discovery', 'RFC 8880, RFC 7050, Section 2.2', 'no'],
      ['192.0.2.0/24', 'Documentation (TEST-NET-1)', 'RFC 5737', 'no'],
      ['192.31.196.0/24', 'AS112-v4', 'RFC 7535', 'yes'],
      ['192.52.193.0/24', 'AMT', 'RFC 7450', 'yes'],
      ['192.88.99.0/24', 'Deprecated (6to4 Relay Anycast)', 'RFC 7526', 'n/a'],
      ['192.88.99.2/32', '6a44-relay anycast address', 'RFC 6751', 'no'],
      ['192.168.0.0/16', 'Private-Use', 'RFC 1918', 'no'],
      ['192.175.48.0/24', 'Direct Delegation AS112 Service', 'RFC 7534', 'yes'],
      ['198.18.0.0/15', 'Benchmarking', 'RFC 2544', 'no'],
      ['198.51.100.0/24', 'Documentation (TEST-NET-2)', 'RFC 5737', 'no'],
      ['203.0.113.0/24', 'Documentation (TEST-NET-3)', 'RFC 5737', 'no'],
      ['240.0.0.0/4', 'Reserved', 'RFC 1112, Section 4', 'no'],
      ['255.255.255.255/32', 'Limited Broadcast', 'RFC 8190, RFC 919, Section 7', 'no'],
    ] as const
  ).map(([block, name, rfc, globallyReachable]) => ({ block, name, rfc, globallyReachable })),
};
