import {
  parseIpv4Prefix,
  prefixContains,
  prefixesOverlap,
  type PrefixRefusal,
  type Ipv4Prefix,
} from '../net/ipv4_prefix.ts';
import { NON_PUBLIC_RANGES, type NonPublicRange } from '../net/special_purpose.ts';
import type { FieldError } from './field_error.ts';

/** Rule app.cidr.limit. */
export const MAX_SOURCE_PREFIXES = 25;

/** A wrong entry is quoted up to this many characters; the longest prefix has 18. */
const QUOTED_LENGTH = 40;

/**
 * Reads one entry of allowedSourceIps: a canonical IPv4 prefix of public addresses (rules app.cidr.*). A refusal's
 * reason continues a sentence that starts with the entry: "10.0.0.0/8 is not public …".
 */
export function parseSourcePrefix(text: string): Ipv4Prefix | PrefixRefusal {
  const prefix = parseIpv4Prefix(text);
  // 0.0.0.0/0 contains every special range, but is the customer's explicit choice of all sources.
  if ('reason' in prefix || prefix.mask === 0) return prefix;
  const inside = NON_PUBLIC_RANGES.find((range) => prefixContains(range.prefix, prefix));
  if (inside !== undefined) {
    const relation = inside.text === text ? 'is' : `is in ${inside.text}, which is`;
    return { reason: `${relation} ${kindOf(inside)}` };
  }
  const met = NON_PUBLIC_RANGES.findLast((range) => prefixesOverlap(range.prefix, prefix));
  return met === undefined ? prefix : { reason: `overlaps ${met.text}, which is ${kindOf(met)}` };
}

function kindOf({ name, source }: NonPublicRange): string {
  return `not public: ${name} (${source})`;
}

/** Reads the whole list allowedSourceIps: its prefixes in order, or one error for each wrong entry. */
export function parseSourcePrefixes(
  texts: readonly string[],
): { prefixes: readonly Ipv4Prefix[] } | { errors: readonly FieldError[] } {
  if (texts.length > MAX_SOURCE_PREFIXES) {
    const reason = `has ${texts.length} entries, at most ${MAX_SOURCE_PREFIXES} are allowed`;
    return { errors: [{ field: 'allowedSourceIps', reason }] };
  }
  const prefixes: Ipv4Prefix[] = [];
  const errors: FieldError[] = [];
  const firstIndex = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    const field = `allowedSourceIps[${index}]`;
    const first = firstIndex.get(text);
    if (first !== undefined) {
      errors.push({ field, reason: `${quoted(text)} is listed already, at index ${first}` });
      continue;
    }
    firstIndex.set(text, index);
    const prefix = parseSourcePrefix(text);
    if ('reason' in prefix) errors.push({ field, reason: `${quoted(text)} ${prefix.reason}` });
    else prefixes.push(prefix);
  }
  return errors.length > 0 ? { errors } : { prefixes };
}

/** The entry as the subject of a sentence, if it looks like an address: any other may be a secret in the wrong place. */
function quoted(text: string): string {
  const isIpv4 = /^[\d./]*[./][\d./]*$/.test(text);
  // An IPv6 address has two colons at least; with one, it may be an id and its secret.
  const isIpv6 = /^[\da-f.:/]+$/i.test(text) && text.split(':').length > 2;
  if (!isIpv4 && !isIpv6) return 'the entry';
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
}
