import { BlockList } from 'node:net';

/** A range of IPv6 addresses that no stranger can be reached at. */
interface NonPublicIpv6Range {
  readonly text: string;
  /** What it is, as in "fd00::1 is not public: Unique-Local". */
  readonly name: string;
  readonly source: string;
}

/**
 * The blocks of the IANA IPv6 Special-Purpose Address Registry (https://www.iana.org/assignments/iana-ipv6-special-registry/,
 * 2025-10-09) that are not globally reachable, the documentation ranges excepted, as for IPv4. After them what the
 * registry leaves blank or leaves out. Of nested ranges the narrower comes first, so that its name is given.
 */
const RANGES: readonly (readonly [text: string, name: string, source: string])[] = [
  ['::1/128', 'Loopback Address', 'RFC 4291'],
  ['::/128', 'Unspecified Address', 'RFC 4291'],
  ['::ffff:0:0/96', 'IPv4-mapped Address', 'RFC 4291'],
  ['64:ff9b:1::/48', 'IPv4-IPv6 Translation', 'RFC 8215'],
  ['100::/64', 'Discard-Only Address Block', 'RFC 6666'],
  ['100:0:0:1::/64', 'Dummy IPv6 Prefix', 'RFC 9780'],
  ['2001:2::/48', 'Benchmarking', 'RFC 5180'],
  ['5f00::/16', 'Segment Routing (SRv6) SIDs', 'RFC 9602'],
  ['fc00::/7', 'Unique-Local', 'RFC 4193'],
  ['fe80::/10', 'Link-Local Unicast', 'RFC 4291'],
  // Blank in the registry: each leads to an IPv4 address that is written in it.
  ['2001::/32', 'TEREDO', 'RFC 4380'],
  ['2002::/16', '6to4', 'RFC 3056'],
  ['2001::/23', 'IETF Protocol Assignments', 'RFC 2928'],
  // Globally reachable, but through a translator that may stand in the service's own network.
  ['64:ff9b::/96', 'IPv4-IPv6 Translation', 'RFC 6052'],
  // In a registry of their own, or deprecated before there was one.
  ['ff00::/8', 'Multicast', 'RFC 4291'],
  ['fec0::/10', 'Deprecated (Site-Local)', 'RFC 3879'],
  ['::/96', 'Deprecated (IPv4-Compatible)', 'RFC 4291'],
];

const LISTED = RANGES.map(([text, name, source]) => ({ text, name, source, list: blockList(text) }));

/** The range that makes an IPv6 address (as node writes it, without brackets) not public; undefined if it is public. */
export function nonPublicIpv6Range(address: string): NonPublicIpv6Range | undefined {
  return LISTED.find(({ list }) => list.check(address, 'ipv6'));
}

function blockList(prefix: string): BlockList {
  const [network = '', length = ''] = prefix.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(length), 'ipv6');
  return list;
}
