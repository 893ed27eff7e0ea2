/** A wrong entry is quoted up to this many characters; the longest prefix has 18. */
const QUOTED_LENGTH = 40;

/** The entry as the subject of a sentence, if it looks like an address: any other may be a secret in the wrong place. */
export function quoted(text: string): string {
  const isIpv4 = /^[\d./]*[./][\d./]*$/.test(text);
  // An IPv6 address has two colons at least; with one, it may be an id and its secret.
  const isIpv6 = /^[\da-f.:/]+$/i.test(text) && text.split(':').length > 2;
  if (!isIpv4 && !isIpv6) return 'the entry';
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
}
