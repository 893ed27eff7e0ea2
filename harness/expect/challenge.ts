import type { WireMessage } from '../capture/sip_messages.ts';

/** A challenge as it stands in a Proxy-Authenticate or WWW-Authenticate header (RFC 7616 section 3.3). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By lower-case name, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether it is made of parameters only, with commas between them. */
  readonly isWellFormed: boolean;
  readonly text: string;
}

const PARAMETER = /([^\s=,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/g;

/** Reads the header's value. The parameters leave out what cannot be parsed. */
export function readChallenge(text: string): Challenge {
  const [scheme = ''] = text.trimStart().split(/\s/, 1);
  const listed = text.slice(text.indexOf(scheme) + scheme.length);
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of listed.matchAll(PARAMETER)) {
    parameters.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1'));
  }
  const isWellFormed = /^\s*P(\s*,\s*P)*\s*$/.test(listed.replaceAll(PARAMETER, 'P'));
  return { scheme: scheme.toLowerCase(), parameters, isWellFormed, text: text.trim() };
}

/** The Digest challenges of a 407, one per header line (RFC 3261 section 7.3.1). A caller may choose one. */
export function digestsIn(response: WireMessage | undefined): Challenge[] {
  if (response?.status !== 407) return [];
  const challenges = response.all('Proxy-Authenticate').map(readChallenge);
  return challenges.filter(({ scheme }) => scheme === 'digest');
}

/** Those that can be answered with MD5, the algorithm of a challenge that names none (RFC 7616 section 3.3). */
export function answerable(challenges: readonly Challenge[]): Challenge[] {
  return challenges.filter(({ parameters }) => /^md5$/i.test(parameters.get('algorithm') ?? 'MD5'));
}
