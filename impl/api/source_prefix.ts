import { parseIpv4Prefix, prefixesOverlap, type Ipv4Prefix } from '../net/ipv4_prefix.ts';
import { NON_PUBLIC_RANGES } from '../net/special_purpose.ts';
import type { FieldError } from './field_error.ts';
import { quoted } from './quoted_entry.ts';

/** Rule app.cidr.limit. */
export const MAX_SOURCE_PREFIXES = 25;

/** One thing that a list of sources has to pass. */
interface SourceCheck {
  readonly name: string;
  readonly errors: (texts: readonly string[]) => readonly FieldError[];
}

/** What the list allowedSourceIps has to pass: canonical IPv4 prefixes of public addresses (rules app.cidr.*). */
export const SOURCE_CHECKS: readonly SourceCheck[] = [
  { name: 'source-count', errors: countErrors },
  { name: 'source-twice', errors: ofEntries(repetition) },
  { name: 'source-form', errors: ofEntries(formRefusal) },
  { name: 'source-public', errors: ofEntries(nonPublicRefusal) },
];

/** The prefixes of a list that has passed the checks, in its order. */
export function sourcePrefixes(texts: readonly string[]): readonly Ipv4Prefix[] {
  return texts.map(parseIpv4Prefix).filter((prefix) => 'network' in prefix);
}

function countErrors(texts: readonly string[]): readonly FieldError[] {
  if (texts.length <= MAX_SOURCE_PREFIXES) return [];
  const reason = `has ${texts.length} entries, at most ${MAX_SOURCE_PREFIXES} are allowed`;
  return [{ field: 'allowedSourceIps', reason }];
}

/** Why an entry is refused, as the end of a sentence that starts with it: "10.0.0.0/8 is not public …". */
type EntryRefusal = (text: string, index: number, texts: readonly string[]) => string | undefined;

/** The errors of each entry. A list that is too long is not read. */
function ofEntries(refusal: EntryRefusal): SourceCheck['errors'] {
  return (texts) => {
    if (texts.length > MAX_SOURCE_PREFIXES) return [];
    return texts.flatMap((text, index) => {
      const reason = refusal(text, index, texts);
      return reason === undefined
        ? []
        : [{ field: `allowedSourceIps[${index}]`, reason: `${quoted(text)} ${reason}` }];
    });
  };
}

function repetition(text: string, index: number, texts: readonly string[]): string | undefined {
  const first = texts.indexOf(text);
  return first < index ? `is listed already, at index ${first}` : undefined;
}

function formRefusal(text: string): string | undefined {
  const prefix = parseIpv4Prefix(text);
  return 'reason' in prefix ? prefix.reason : undefined;
}

function nonPublicRefusal(text: string): string | undefined {
  const prefix = parseIpv4Prefix(text);
  // 0.0.0.0/0 contains every special range, but is the customer's explicit choice of all sources.
  if ('reason' in prefix || prefix.mask === 0) return undefined;
  const met = NON_PUBLIC_RANGES.find((range) => prefixesOverlap(range.prefix, prefix));
  return met && `is not public: it shares addresses with ${met.text}, ${met.name} (${met.source})`;
}
