import { passwordOf, type Application } from '../../harness/clients/application.ts';
import { digestCredentials } from '../../harness/clients/digest.ts';
import { challengeIn, finalOf } from '../../harness/expect/attempts.ts';
import type { Randomness } from '../../harness/randomness.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { BrokenPrecondition } from '../../harness/verdict.ts';
import { userOf } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';

/** What the voice platform's stand-in does with a call: by default it refuses with 486, so that the call ends at once. */
export type Course =
  | 'reject'
  | 'answer'
  | 'slow'
  | 'ring'
  | 'hang-up'
  | 're-invite'
  | 'converse'
  | 'repeat'
  | `challenge-${401 | 407}`
  | `as told ${number}`
  | `say ${string}`;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Characters of one kind. */
export const ALPHABETS: readonly string[] = ['0123456789', 'abcdef', LETTERS, LETTERS.toUpperCase()];

/** Credentials for the scenario's application. */
export interface Credentials {
  readonly nonce: string;
  /** Absent: an answer without qop, whose nonce may be used any number of times. */
  readonly count?: number | string;
  /** Absent: a random one. An octet a character. */
  readonly clientNonce?: string;
  readonly password?: string;
  /** Absent: the application's. */
  readonly user?: string;
  /** What the digest is for; absent: the application's URI. */
  readonly uri?: string;
}

/** The URI of an application. */
export function uriOf(world: ConformanceWorld, application: Application = world.application): string {
  return `sip:${userOf(world, application)}@${world.parameters.descriptor.realm}`;
}

/** Whoever can write a request: a caller over UDP or over TCP. */
type Writer = Pick<RawCaller, 'lines'>;

/** An INVITE to the scenario's application without credentials, to be changed. */
export function inviteLines(
  world: ConformanceWorld,
  caller: Writer,
  course: Course = 'reject',
  user?: string,
): RawLines {
  const uri = user === undefined ? uriOf(world) : `sip:${user}@${world.parameters.descriptor.realm}`;
  return caller.lines({ method: 'INVITE', uri, to: `<${uri}>`, others: [`Subject: ${course}`] });
}

/** The header line with the right answer to a nonce, unless it is told another password. */
export function authorization(world: ConformanceWorld, credentials: Credentials): string {
  const { application, parameters, randomness } = world;
  const {
    nonce,
    count,
    password = passwordOf(application),
    user = userOf(world, application),
    uri = uriOf(world),
    clientNonce = randomness.hex(8),
  } = credentials;
  const value = digestCredentials({
    username: user,
    realm: parameters.descriptor.realm,
    password,
    method: 'INVITE',
    uri,
    nonce,
    ...(count === undefined ? {} : { qop: { nonceCount: count, clientNonce } }),
  });
  return `Proxy-Authorization: ${value}`;
}

/** The credentials with another response: its digits from `from` on, up to `to`, are other ones. */
export function withOtherDigits(line: string, from: number, to?: number): string {
  return line.replace(/response="([0-9a-f]+)"/, (_found, digits: string) => {
    const other = digits
      .slice(from, to)
      .replaceAll(/./g, (digit) => ((Number.parseInt(digit, 16) + 1) % 16).toString(16));
    return `response="${digits.slice(0, from)}${other}${digits.slice(from + other.length)}"`;
  });
}

/** An INVITE with these credentials. */
export function knockLines(
  world: ConformanceWorld,
  caller: Writer,
  credentials: Credentials,
  course?: Course,
): RawLines {
  const lines = inviteLines(world, caller, course);
  return { ...lines, others: [...lines.others, authorization(world, credentials)] };
}

/** The octets that a feature writes with Unicode's pictures of control characters: `␍␊` for CR LF, `␠` for a blank. */
export function octetsIn(text: string): string {
  const characters = text.replaceAll(/[\u2400-\u2421]/g, (picture) => {
    const code = (picture.codePointAt(0) ?? 0) - 0x24_00;
    return String.fromCodePoint(code === 0x21 ? 0x7f : code);
  });
  return Buffer.from(characters).toString('latin1');
}

/**
 * Calls the application without credentials, and returns the nonce of the challenge. `unseen`: no witness is asked.
 * Throws a BrokenPrecondition where no challenge comes.
 */
export async function nonceFor(
  world: ConformanceWorld,
  caller: RawCaller,
  witness?: 'unseen',
): Promise<string> {
  const lines = inviteLines(world, caller);
  const answer =
    witness === 'unseen'
      ? (await caller.timed(lines))?.answer
      : finalOf((await world.attempt(caller, { 'without credentials': lines }))[0]);
  const nonce = answer && challengeIn(answer)?.parameters.get('nonce');
  if (nonce === undefined)
    throw new BrokenPrecondition('sip.challenge', 'there was no challenge with a nonce to answer');
  return nonce;
}

/** A nonce that is this much over its lifetime is old on every clock. */
export const OVER_LIFETIME_MS = 1_000;

/** The part of its lifetime after which a nonce is not used any more: the rest is for the way and a busy machine. */
const USED_FOR = 0.25;

/** Nonces for many requests, one after the other: the same as long as it is young, then another. */
export function renewedNonce(world: ConformanceWorld, caller: RawCaller): () => Promise<string> {
  const lifetimeMs = world.parameters.descriptor.timeouts.nonceLifetime.ms;
  let known: { readonly nonce: string; readonly at: number } | undefined;
  return async () => {
    if (known === undefined || performance.now() - known.at > USED_FOR * lifetimeMs)
      known = { at: performance.now(), nonce: await nonceFor(world, caller, 'unseen') };
    return known.nonce;
  };
}

/** Random characters: letters and digits stay letters and digits of the same kind, everything else stays. */
export function inTheFormOf(text: string, randomness: Randomness): string {
  return text.replaceAll(/[a-z0-9]/gi, (character) => {
    const alphabet = ALPHABETS.find((one) => one.includes(character));
    return alphabet?.[randomness.integer(0, alphabet.length)] ?? character;
  });
}
