import { invitesOf, type Call } from '../traffic/call.ts';
import { readChallenge, type Challenge } from './challenge.ts';
import { matched, mismatch, type Match } from './match.ts';

/** The Digest challenges of all 407s the call got, in order. */
export function challengesOf(call: Call): Challenge[] {
  return invitesOf(call)
    .flatMap(({ final }) => (final?.status === 407 ? final.all('Proxy-Authenticate') : []))
    .map(readChallenge)
    .filter(({ scheme }) => scheme === 'digest');
}

/** There are this many challenges, each with a nonce of its own (rule sip.challenge.fresh-nonce). */
export function freshNonces(calls: readonly Call[], times: number): Match {
  const wish = `${times} challenges, each with a nonce of its own`;
  const nonces = calls.flatMap(challengesOf).map(({ parameters }) => parameters.get('nonce') ?? '');
  if (nonces.length !== times) return mismatch(wish, `${nonces.length} challenges`, 'the ladder');
  const different = new Set(nonces).size;
  return different === times ? matched : mismatch(wish, `${different} different nonces`, 'the SIP messages');
}

/**
 * Every challenge of the call offers qop="auth" (RFC 7616 section 3.3: a quoted list).
 * Rule: sip.challenge.qop.
 */
export function offersQop(call: Call): Match {
  const challenges = challengesOf(call);
  const wish = 'qop="auth" in every challenge';
  if (challenges.length === 0) return mismatch(wish, 'no challenge', 'the ladder');
  const without = challenges.find(
    ({ parameters }) =>
      !(parameters.get('qop') ?? '').split(',').some((value) => value.trim().toLowerCase() === 'auth'),
  );
  return without ? mismatch(wish, without.text, 'the 407 in the SIP messages') : matched;
}

/**
 * Each 401 the call got carries WWW-Authenticate with this realm, and there is at least one.
 * Rule: sip.refusal.www-authenticate.
 */
export function unauthorizedWithRealm(call: Call, realm: string): Match {
  const wish = `401 with WWW-Authenticate for the realm "${realm}"`;
  const refusals = call.messages.filter(({ status }) => status === 401);
  if (refusals.length === 0) return mismatch(wish, 'no 401', 'the ladder');
  for (const refusal of refusals) {
    const challenges = refusal.all('WWW-Authenticate').map(readChallenge);
    if (!challenges.some(({ parameters }) => parameters.get('realm') === realm)) {
      return mismatch(
        wish,
        challenges[0]?.text ?? '401 without WWW-Authenticate',
        'the 401 in the SIP messages',
      );
    }
  }
  return matched;
}
