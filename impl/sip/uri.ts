import { decimal } from './grammar.ts';

/** A SIP or SIPS URI (RFC 3261 19.1), split but not unescaped. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** User part as written, without a password; undefined if there is none. */
  readonly user: string | undefined;
  /** Host as written; an IPv6 reference keeps its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** URI parameters as written, each with its leading semicolon. */
  readonly parameters: string;
  /** URI headers as written, with the leading question mark; empty if there are none. */
  readonly headers: string;
}

/** The scheme of an absolute URI in lower case; undefined if the text does not start with one (RFC 3986 3.1). */
export function uriScheme(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon < 1 || colon > 64) return undefined;
  if (colon === 3 && text.startsWith('sip')) return 'sip';
  const scheme = text.slice(0, colon);
  return /^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme) ? scheme.toLowerCase() : undefined;
}

/** The URI; undefined if the text is not a well-formed SIP or SIPS URI. */
export function parseSipUri(text: string): SipUri | undefined {
  const scheme = uriScheme(text);
  if (scheme !== 'sip' && scheme !== 'sips') return undefined;
  const start = scheme.length + 1;
  const at = text.indexOf('@', start);
  if (at === start) return undefined;
  const hostStart = at < 0 ? start : at + 1;
  const hostEnd = endOfHost(text, hostStart);
  if (hostEnd < 0) return undefined;
  let end = hostEnd;
  let port: number | undefined;
  if (text.charCodeAt(end) === 0x3a) {
    const digits = end + 1;
    end = endOfDigits(text, digits);
    port = decimal(text, digits, end, 5);
    if (port < 0 || port > 65535) return undefined;
  }
  if (end < text.length && text.charCodeAt(end) !== 0x3b && text.charCodeAt(end) !== 0x3f) return undefined;
  const question = text.indexOf('?', end);
  const parametersEnd = question < 0 ? text.length : question;
  if (!isPlain(text)) return undefined;
  return {
    scheme,
    user: at < 0 ? undefined : withoutPassword(text.slice(start, at)),
    host: text.slice(hostStart, hostEnd),
    port,
    parameters: text.slice(end, parametersEnd),
    headers: text.slice(parametersEnd),
  };
}

/** The user part, unescaped once, as RFC 3261 19.1.4 compares it. */
export function unescapedUser(user: string): string {
  if (!user.includes('%')) return user;
  return user.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function withoutPassword(userinfo: string): string {
  const colon = userinfo.indexOf(':');
  return colon < 0 ? userinfo : userinfo.slice(0, colon);
}

/** The position after the host name, IPv4 address or IPv6 reference at `start`, or -1 if there is none. */
export function endOfHost(text: string, start: number): number {
  let i = start;
  if (text.charCodeAt(i) === 0x5b) {
    const close = text.indexOf(']', i);
    return close < 0 || !/^\[[0-9A-Fa-f:.]{2,45}\]$/.test(text.slice(i, close + 1)) ? -1 : close + 1;
  }
  while (i < text.length && isHostCharacter(text.charCodeAt(i))) i++;
  return i === start ? -1 : i;
}

/** Letters, digits, hyphen, dot; and the underscore, which names in use have although RFC 952 forbids it. */
function isHostCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x2d ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f
  );
}

function endOfDigits(text: string, start: number): number {
  let i = start;
  while (i < text.length && text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39) i++;
  return i;
}

/** Whether it has no blanks, controls, quotes or angle brackets: a URI must escape them (RFC 3261 25.1). */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code === 0x22 || code === 0x3c || code === 0x3e || code === 0x7f) return false;
  }
  return true;
}
