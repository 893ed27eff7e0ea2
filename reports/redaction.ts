/** What stands in place of a secret. */
const MASK = '•••';

/** Names of secret values, in JSON, forms, XML elements and `name: value` lines. */
const SECRET_NAMES =
  'access_token|client_secret|refresh_token|sipAuthPassword|SipAuthPassword|password|Password|Hash1b|Hash1|ha1';

const PATTERNS: readonly [RegExp, string][] = [
  [/(Authorization: *(?:Bearer|Basic) +)\S+/gi, `$1${MASK}`],
  // The prose "bearer token" holds no token: a token has digits, or is longer than a word.
  [/\b(Bearer|Basic) +(?=\S*\d|\S{24})[\w+/~.-]{8,}=*/gi, `$1 ${MASK}`],
  [new RegExp(`("(?:${SECRET_NAMES})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*"`, 'g'), `$1${MASK}"`],
  [new RegExp(`(<(${SECRET_NAMES})>)[^<]*(</\\2>)`, 'g'), `$1${MASK}$3`],
  [new RegExp(`((?:^|[?&\\s])(?:${SECRET_NAMES})=)[^&\\s"]+`, 'g'), `$1${MASK}`],
];

/**
 * The text with secret values masked: bearer and basic credentials, and fields that hold tokens, passwords or digest
 * hashes. The harness masks what it writes itself; this is the last check before a report.
 */
export function withoutSecrets(text: string): string {
  let masked = text;
  for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement);
  return masked;
}

/**
 * A function that makes a text fit for a report: it masks secrets and makes paths relative to a folder.
 *
 * @param directory the folder that is cut from the paths
 */
export function presentableIn(directory: string): (text: string) => string {
  const prefix = directory.endsWith('/') ? directory : `${directory}/`;
  return (text) => withoutSecrets(text.replaceAll(`file://${prefix}`, '').replaceAll(prefix, ''));
}
