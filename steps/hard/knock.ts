import type { Application } from '../../harness/clients/application.ts';
import { digestCredentials } from '../../harness/clients/digest.ts';
import { challengeIn } from '../../harness/expect/attempts.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError, RuleViolation } from '../../harness/verdict.ts';
import { userOf } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';

/** A call that gets through is refused by the voice platform with 486: so it ends at once. */
const SUBJECT = 'Subject: reject';

/** Credentials for the scenario's application. */
export interface Credentials {
  readonly nonce: string;
  /** Absent: an answer without qop, whose nonce may be used any number of times. */
  readonly count?: number;
  readonly password?: string;
}

/** The URI of an application. */
export function uriOf(world: ConformanceWorld, application: Application = world.application): string {
  return `sip:${userOf(world, application)}@${world.parameters.descriptor.realm}`;
}

/** An INVITE to the scenario's application without credentials, to be changed. */
export function inviteLines(world: ConformanceWorld, caller: RawCaller, uri = uriOf(world)): RawLines {
  return caller.lines({ method: 'INVITE', uri, to: `<${uri}>`, others: [SUBJECT] });
}

/** The header line with the right answer to a nonce, unless it is told another password. */
export function authorization(world: ConformanceWorld, credentials: Credentials): string {
  const { application, parameters, randomness } = world;
  const { nonce, count, password = application.passwords.at(-1) } = credentials;
  if (password === undefined) throw new HarnessError('the application was given no password');
  const value = digestCredentials({
    username: userOf(world, application),
    realm: parameters.descriptor.realm,
    password,
    method: 'INVITE',
    uri: uriOf(world),
    nonce,
    ...(count === undefined ? {} : { qop: { nonceCount: count, clientNonce: randomness.hex(8) } }),
  });
  return `Proxy-Authorization: ${value}`;
}

/** An INVITE with these credentials. */
export function knockLines(world: ConformanceWorld, caller: RawCaller, credentials: Credentials): RawLines {
  const lines = inviteLines(world, caller);
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

/** Calls the application without credentials, and returns the nonce of the challenge. */
export async function nonceFor(world: ConformanceWorld, caller: RawCaller): Promise<string> {
  const [attempt] = await world.attempt(caller, { 'without credentials': inviteLines(world, caller) });
  const nonce = attempt && challengeIn(attempt)?.parameters.get('nonce');
  if (nonce === undefined)
    throw new RuleViolation(['a challenge with a nonce to answer'], 'none', 'the requests, attached');
  return nonce;
}
