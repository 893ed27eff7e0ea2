const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/**
 * User and password of an HTTP Basic Authorization header (RFC 7617), both form-decoded as RFC 6749 section 2.3.1
 * requires. Undefined if the header is absent or malformed.
 */
export function basicCredentials(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = header === undefined ? undefined : BASIC.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  return { user: formDecoded(text.slice(0, colon)), password: formDecoded(text.slice(colon + 1)) };
}

/** Not every client encodes: a text that cannot be decoded is taken as it is. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
