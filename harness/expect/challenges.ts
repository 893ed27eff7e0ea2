import type { WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { invitesOf, type Call } from '../traffic/call.ts';
import { BrokenPrecondition } from '../verdict.ts';
import { challengeIn, finalOf, shown, WHERE } from './attempts.ts';
import { digestsIn, readChallenge, type Challenge } from './challenge.ts';
import { matched, mismatch, type Match } from './match.ts';

/** The 407s with a Digest challenge that the call's INVITEs got, in order. */
function challengingAnswers(call: Call): WireMessage[] {
  return invitesOf(call).flatMap(({ final }) => (final && digestsIn(final).length > 0 ? [final] : []));
}

/** The nonce of the challenge that a caller answers with MD5, in the first 407 of the call; undefined where there is none. */
export function nonceIn(call: Call): string | undefined {
  return challengeIn(challengingAnswers(call)[0])?.parameters.get('nonce');
}

/**
 * There are this many challenging answers, and no two of them have a nonce in common. One answer may offer several
 * algorithms, with one nonce or several (RFC 8760 section 2.3).
 * Rule: sip.challenge.fresh-nonce.
 */
export function freshNonces(calls: readonly Call[], times: number): Match {
  const wish = `${times} challenges, each with a nonce of its own`;
  const answers = calls.flatMap(challengingAnswers);
  if (answers.length !== times) return mismatch(wish, `${answers.length} challenges`, 'the ladder');
  const nonces = answers.flatMap((answer) => [
    ...new Set(digestsIn(answer).map(({ parameters }) => parameters.get('nonce') ?? '')),
  ]);
  const different = new Set(nonces).size;
  return different === nonces.length
    ? matched
    : mismatch(wish, `${different} different nonces among ${nonces.length}`, 'the SIP messages');
}

/**
 * The requests got this many 407s with a challenge, and no two answers, 401 or 407, have a nonce in common.
 * Rule: sip.challenge.fresh-nonce.
 */
export function noncesOfTheirOwn(attempts: readonly Attempt[], times: number): Match {
  const wish = `${times} 407s, and in each challenge a nonce of its own`;
  const byText = new Map(attempts.flatMap(({ answers }) => answers.map((answer) => [answer.text, answer])));
  const answers = [...byText.values()];
  const challenging = answers.filter((answer) => digestsIn(answer).length > 0).length;
  if (challenging !== times) return mismatch(wish, `${challenging} 407s`, WHERE);
  const nonces = answers.flatMap(noncesIn);
  const different = new Set(nonces).size;
  return different === nonces.length
    ? matched
    : mismatch(wish, `${different} different nonces among ${nonces.length}`, WHERE);
}

/**
 * It was challenged as stale, with a nonce that none of these texts holds.
 * Rule: sip.auth.stale-nonce.
 */
export function challengedAnewAsStale(attempt: Attempt, known: readonly string[]): Match {
  const wish = '407 with stale=true and a nonce not given before';
  const final = finalOf(attempt);
  if (final?.status !== 407) return mismatch(wish, shown(final), WHERE);
  const nonces = digestsIn(final)
    .filter(({ parameters }) => parameters.get('stale')?.toLowerCase() === 'true')
    .map(({ parameters }) => parameters.get('nonce') ?? '')
    .filter((nonce) => nonce !== '');
  if (nonces.length === 0) return mismatch(wish, '407 without stale=true', WHERE);
  const isRenewed = nonces.some((nonce) => !known.some((text) => text.includes(nonce)));
  return isRenewed ? matched : mismatch(wish, '407 with stale=true and the same old nonce', WHERE);
}

/** The different nonces of one answer: several algorithms may share one. */
function noncesIn(answer: WireMessage): readonly string[] {
  const challenges = ['Proxy-Authenticate', 'WWW-Authenticate'].flatMap((name) => answer.all(name));
  const nonces = challenges.map((text) => readChallenge(text).parameters.get('nonce'));
  return [...new Set(nonces.filter((nonce) => nonce !== undefined))];
}

/**
 * No challenge of the call says that a nonce was stale: there was none. Throws a BrokenPrecondition where the call was
 * not challenged. Rule: sip.challenge.not-stale.
 */
export function notStale(call: Call): Match {
  const challenges = challengingAnswers(call).flatMap(digestsIn);
  if (challenges.length === 0)
    throw new BrokenPrecondition('sip.challenge', 'an INVITE without credentials was not challenged');
  return noneStale(challenges, 'a challenge', 'the 407 in the SIP messages');
}

/**
 * No 401 of the call says that a nonce was stale: it was fresh. Throws a BrokenPrecondition where there is none.
 * Rule: sip.challenge.not-stale.
 */
export function refusedNotAsStale(call: Call): Match {
  const refusals = call.messages.filter(({ status }) => status === 401);
  if (refusals.length === 0)
    throw new BrokenPrecondition('sip.auth.wrong-password', 'a wrong digest was not refused with 401');
  const challenges = refusals.flatMap((refusal) => refusal.all('WWW-Authenticate').map(readChallenge));
  return noneStale(challenges, 'a 401', 'the 401 in the SIP messages');
}

function noneStale(challenges: readonly Challenge[], of: string, where: string): Match {
  const stale = challenges.find(({ parameters }) => /^true$/i.test(parameters.get('stale') ?? ''));
  return stale ? mismatch(`${of} without stale=true`, stale.text, where) : matched;
}

/**
 * Every challenge of the call offers qop="auth" (RFC 7616 section 3.3: a quoted list).
 * Rule: sip.challenge.qop.
 */
export function offersQop(call: Call): Match {
  const challenges = challengingAnswers(call).flatMap(digestsIn);
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
