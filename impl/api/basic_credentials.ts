/** RFC 7617 section 2. */
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/**
 * User and password of an HTTP Basic Authorization header, both form-decoded as RFC 6749 section 2.3.1 requires. Without
 * a colon, the password is empty. Undefined if the header is absent or malformed.
 */
export function basicCredentials(header = ''): { user: string; password: string } | undefined {
  const encoded = BASIC.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = `${text}:`.indexOf(':');
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
