/** A challenge as it stands in a Proxy-Authenticate or WWW-Authenticate header (RFC 7616 section 3.3). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By lower-case name, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly text: string;
}

const PARAMETER = /([^\s=,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/g;

/** Reads the header's value. The parameters leave out what cannot be parsed. */
export function readChallenge(text: string): Challenge {
  const [scheme = ''] = text.trimStart().split(/\s/, 1);
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of text
    .slice(text.indexOf(scheme) + scheme.length)
    .matchAll(PARAMETER)) {
    parameters.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1'));
  }
  return { scheme: scheme.toLowerCase(), parameters, text: text.trim() };
}
