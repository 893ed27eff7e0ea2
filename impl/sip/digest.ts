import { hash, timingSafeEqual } from 'node:crypto';

import {
  equalsIgnoringCase,
  isLws,
  scanParameter,
  skipLws,
  unquoted,
  type ParameterSpan,
} from './grammar.ts';

/** The algorithms of RFC 7616 and RFC 8760 that this stack computes, each with its name in node:crypto. */
const HASH_NAMES = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const;

/** An algorithm as a challenge spells it. Session variants (`-sess`) are not supported. */
export type DigestAlgorithmName = keyof typeof HASH_NAMES;

const ALGORITHM_NAMES = ['MD5', 'SHA-256', 'SHA-512-256'] as const satisfies readonly DigestAlgorithmName[];

/** The parameters of a Digest credential as sent, without quotes; undefined if missing. */
export interface DigestCredentials {
  readonly username: string | undefined;
  readonly realm: string | undefined;
  readonly nonce: string | undefined;
  readonly uri: string | undefined;
  readonly response: string | undefined;
  readonly algorithm: string | undefined;
  readonly cnonce: string | undefined;
  readonly qop: string | undefined;
  readonly nc: string | undefined;
}

/** The parameters of a Digest challenge (RFC 7616 3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: DigestAlgorithmName;
  readonly stale: boolean;
}

/** Credentials that are complete and of a kind that can be checked. */
export interface CheckableCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: DigestAlgorithmName;
  /** Undefined without qop (RFC 2069). */
  readonly protection: { readonly cnonce: string; readonly nc: string; readonly count: number } | undefined;
}

const span: ParameterSpan = { nameStart: 0, nameEnd: 0, valueStart: 0, valueEnd: 0 };

/** The parameters of a Digest credential or challenge, by their names in lower case; undefined if the scheme is another or the value malformed. */
export function digestParameters(value: string): Map<string, string> | undefined {
  if (!equalsIgnoringCase(value, 0, 6, 'digest') || !isLws(value.charCodeAt(6))) return undefined;
  const parameters = new Map<string, string>();
  for (let position = 6; ;) {
    position = scanParameter(value, position, span);
    if (position < 0 || span.valueStart < 0) return undefined;
    const name = value.slice(span.nameStart, span.nameEnd).toLowerCase();
    if (parameters.has(name)) return undefined;
    const raw = value.slice(span.valueStart, span.valueEnd);
    parameters.set(name, raw.startsWith('"') ? unquoted(raw) : raw);
    if (position === value.length) return parameters;
    if (value.charCodeAt(position) !== 0x2c) return undefined;
    position = skipLws(value, position + 1);
  }
}

/**
 * Reads the value of an Authorization or Proxy-Authorization header (RFC 3261 20.7, 20.28); undefined for another
 * scheme, or if it is malformed.
 */
export function parseCredentials(value: string): DigestCredentials | undefined {
  const parameters = digestParameters(value);
  if (parameters === undefined) return undefined;
  return {
    username: parameters.get('username'),
    realm: parameters.get('realm'),
    nonce: parameters.get('nonce'),
    uri: parameters.get('uri'),
    response: parameters.get('response'),
    algorithm: parameters.get('algorithm'),
    cnonce: parameters.get('cnonce'),
    qop: parameters.get('qop'),
    nc: parameters.get('nc'),
  };
}

/** Writes the value of a challenge header. `realm` must hold no quotes, backslashes or line breaks. */
export function challengeText(challenge: DigestChallenge): string {
  const stale = challenge.stale ? ', stale=true' : '';
  return `Digest realm="${challenge.realm}", nonce="${challenge.nonce}"${stale}, algorithm=${challenge.algorithm}, qop="auth"`;
}

/**
 * The credentials if they can be checked: no parameter is missing, qop is absent or `auth`, nc has 8 hex digits
 * (RFC 7616 3.4). Undefined otherwise.
 */
export function checkableCredentials(credentials: DigestCredentials): CheckableCredentials | undefined {
  const { username, realm, nonce, uri, response, qop, cnonce, nc } = credentials;
  const algorithm = algorithmNamed(credentials.algorithm);
  if (username === undefined || realm === undefined || nonce === undefined) return undefined;
  if (uri === undefined || response === undefined || algorithm === undefined) return undefined;
  const complete = { username, realm, nonce, uri, response, algorithm };
  if (qop === undefined) return { ...complete, protection: undefined };
  if (qop.toLowerCase() !== 'auth' || cnonce === undefined || nc === undefined) return undefined;
  if (!/^[0-9a-fA-F]{8}$/.test(nc)) return undefined;
  return { ...complete, protection: { cnonce, nc, count: Number.parseInt(nc, 16) } };
}

/**
 * The right `response` for those credentials, in lower-case hex (RFC 7616 3.4.1; without qop RFC 2069). `ha1` is
 * H(username:realm:password) in lower-case hex.
 */
export function digestResponse(credentials: CheckableCredentials, method: string, ha1: string): string {
  const { algorithm, nonce, uri, protection } = credentials;
  const ha2 = digestOf(algorithm, `${method}:${uri}`);
  if (protection === undefined) return digestOf(algorithm, `${ha1}:${nonce}:${ha2}`);
  return digestOf(algorithm, `${ha1}:${nonce}:${protection.nc}:${protection.cnonce}:auth:${ha2}`);
}

/** Whether the credentials prove knowledge of the password behind `ha1`. Compares in constant time. */
export function isDigestRight(credentials: CheckableCredentials, method: string, ha1: string): boolean {
  const expected = Buffer.from(digestResponse(credentials, method, ha1), 'latin1');
  const received = Buffer.from(credentials.response.toLowerCase(), 'latin1');
  return received.length === expected.length && timingSafeEqual(received, expected);
}

/** Messages are kept with one character per octet, so Latin-1 gives the octets that the client hashed. */
function digestOf(algorithm: DigestAlgorithmName, text: string): string {
  return hash(HASH_NAMES[algorithm], Buffer.from(text, 'latin1'), 'hex');
}

/** The algorithm of this name; MD5 where none is named, undefined for one that is not computed. */
export function algorithmNamed(name: string | undefined): DigestAlgorithmName | undefined {
  if (name === undefined) return 'MD5';
  return ALGORITHM_NAMES.find((algorithm) =>
    equalsIgnoringCase(name, 0, name.length, algorithm.toLowerCase()),
  );
}
