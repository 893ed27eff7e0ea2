import { createHmac, randomBytes } from 'node:crypto';

type Part = Readonly<Record<string, unknown>>;

/** A good token as its text and, if it is a JWT (RFC 7519), its parts. */
interface GoodToken {
  readonly text: string;
  /** All but the last of the parts that dots separate, with its dot; of a token without dots all but its last quarter. */
  readonly start: string;
  readonly header: Part;
  readonly claims: Part;
  readonly signature: string;
  /** Another good token of the same client, as its text and what follows its start. */
  readonly other: string;
  readonly otherEnd: string;
}

const YEAR_S = 365 * 24 * 3600;

/** What somebody makes of a good token without the key that signed it, by the words features use. */
const FORGERIES: ReadonlyMap<string, (token: GoodToken) => string> = new Map<
  string,
  (token: GoodToken) => string
>([
  ['an altered token', ({ text, other }) => altered(text, other)],
  ['an unsigned token', ({ text }) => unsigned(text)],
  ['a token cut at its end', ({ text }) => text.slice(0, -4)],
  ['a token cut at its beginning', ({ text }) => text.slice(4)],
  ['a token with more at its end', ({ text }) => `${text}AAAA`],
  ['a token with a part more', ({ text }) => `${text}.AAAA`],
  ['two tokens joined by a dot', ({ text, other }) => `${text}.${other}`],
  ['a token without its last part', ({ start }) => start.replace(/\.$/, '')],
  ['a token with an empty last part', ({ start }) => start.replace(/\.?$/, '.')],
  ["a token with another token's last part", ({ start, otherEnd }) => start + otherEnd],
  [
    'a token that ends later',
    ({ header, claims, signature }) => {
      const later = { ...claims, exp: Number(claims['exp'] ?? 0) + YEAR_S };
      return `${encoded(header)}.${encoded(later)}.${signature}`;
    },
  ],
  ['a token signed by another key', ({ header, claims }) => signed(header, claims)],
  [
    'a token signed by a key of another name',
    ({ header, claims }) => signed({ ...header, kid: 'another' }, claims),
  ],
  [
    'a token signed by a key without a name',
    ({ header, claims }) => signed({ ...header, kid: undefined }, claims),
  ],
  ['a token signed by a key with a number', ({ header, claims }) => signed({ ...header, kid: 7 }, claims)],
  [
    'a token signed by another algorithm',
    ({ header, claims }) => signed({ ...header, alg: 'HS512' }, claims, 'sha512'),
  ],
]);

/** The words for the forgeries that {@link forgedToken} makes. */
export const FORGERY_NAMES: readonly string[] = [...FORGERIES.keys()];

/**
 * A forgery made of two good tokens; undefined where its name is not known. It is never one of the two: what would be,
 * or would be nothing, is an altered token instead. What needs claims is garbage where the tokens are no JWTs.
 */
export function forgedToken(name: string, text: string, other: string): string | undefined {
  const [header, claims, signature = ''] = text.split('.');
  const forged = FORGERIES.get(name)?.({
    text,
    start: startOf(text),
    header: decoded(header),
    claims: decoded(claims),
    signature,
    other,
    otherEnd: other.slice(startOf(other).length),
  });
  return forged !== undefined && ['', text, other].includes(forged) ? altered(text, other) : forged;
}

function startOf(token: string): string {
  const dot = token.lastIndexOf('.');
  return token.slice(0, dot === -1 ? Math.floor(token.length * 0.75) : dot + 1);
}

/** The token with other characters at its end. */
function altered(text: string, other: string): string {
  // Letters without bits that base64 ignores at its end.
  const candidates = ['A', 'Q', 'g'].map((end) => text.slice(0, -4) + end.repeat(4));
  return candidates.find((one) => one.at(-1) !== text.at(-1) && one !== other) ?? '';
}

/** The token's claims in an unsecured JWT (RFC 7519 section 6); garbage of that form if the token is no JWT. */
function unsigned(text: string): string {
  const [, claims = ''] = text.split('.');
  return `${encoded({ alg: 'none', typ: 'JWT' })}.${claims}.`;
}

function signed(header: Part, claims: Part, algorithm = 'sha256'): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${createHmac(algorithm, randomBytes(32)).update(input).digest('base64url')}`;
}

function encoded(part: Part): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decoded(part = ''): Part {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
