import { formatIpv4Address } from './ipv4.ts';

/** An IPv4 prefix as numbers, so that a packet's source is matched by one AND and one comparison. */
export interface Ipv4Prefix {
  /** Network address, unsigned 32 bit. */
  readonly network: number;
  /** Network mask, unsigned 32 bit. */
  readonly mask: number;
}

/** Why a text is not an IPv4 prefix. The reason continues a sentence that starts with the text. */
export interface PrefixRefusal {
  readonly reason: string;
}

const EXAMPLE = '203.0.113.0/24';
const OCTETS = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/;
const LEADING_ZERO = /(^|\.)0\d/;
const LENGTH = /^\d+$/;

/** The network mask of a prefix length from 0 to 32, unsigned 32 bit. */
export function maskOf(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

/** The length, 0 to 32, of a contiguous network mask. */
export function lengthOf(mask: number): number {
  return Math.clz32(~mask >>> 0);
}

/** Canonical text of a prefix: `203.0.113.0/24`. The inverse of {@link parseIpv4Prefix}. */
export function formatIpv4Prefix(prefix: Ipv4Prefix): string {
  return `${formatIpv4Address(prefix.network)}/${lengthOf(prefix.mask)}`;
}

/** Whether the prefix contains the address (unsigned 32 bit). */
export function prefixHolds(prefix: Ipv4Prefix, address: number): boolean {
  return (address & prefix.mask) >>> 0 === prefix.network;
}

/** Whether the two prefixes share an address, which means that one contains the other. */
export function prefixesOverlap(a: Ipv4Prefix, b: Ipv4Prefix): boolean {
  const shorter = (a.mask & b.mask) >>> 0;
  return (a.network & shorter) >>> 0 === (b.network & shorter) >>> 0;
}

/**
 * Reads an IPv4 prefix in its one canonical form: four decimal octets without leading zeros, a slash, a length,
 * no host bits, no blanks (rule app.cidr.malformed). Does not check whether the range is public.
 */
export function parseIpv4Prefix(text: string): Ipv4Prefix | PrefixRefusal {
  if (text === '') return { reason: `is empty: write a prefix such as ${EXAMPLE}` };
  if (/\s/.test(text)) return { reason: 'contains blanks' };
  if (text.includes(':')) return { reason: 'is IPv6, which is not supported' };
  const slash = text.indexOf('/');
  if (slash === -1) return { reason: 'has no prefix length: write /32 after a single address' };
  const address = parseOctets(text.slice(0, slash));
  if (typeof address !== 'number') return address;
  const lengthText = text.slice(slash + 1);
  if (!LENGTH.test(lengthText)) return { reason: 'has no decimal prefix length after the slash' };
  if (lengthText.length > 1 && lengthText.startsWith('0')) {
    return { reason: 'has a prefix length with a leading zero' };
  }
  const length = Number(lengthText);
  if (length > 32) return { reason: `has a prefix length over 32` };
  const mask = maskOf(length);
  const network = (address & mask) >>> 0;
  if (network !== address) {
    return { reason: `has host bits set: the network is ${formatIpv4Prefix({ network, mask })}` };
  }
  return { network, mask };
}

function parseOctets(text: string): number | PrefixRefusal {
  const match = OCTETS.exec(text);
  if (match === null) return { reason: `is not four decimal octets and a prefix length, such as ${EXAMPLE}` };
  if (LEADING_ZERO.test(text)) return { reason: 'has an octet with a leading zero' };
  let address = 0;
  for (const octet of match.slice(1).map(Number)) {
    if (octet > 255) return { reason: 'has an octet over 255' };
    address = address * 256 + octet;
  }
  return address;
}
