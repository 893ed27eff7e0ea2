import { challengeText, type DigestAlgorithmName } from '../sip/digest.ts';
import type { SipRequest } from '../sip/message.ts';
import type { ResponseContent } from '../sip/serialiser.ts';
import type { RefusalStatus } from './policy.ts';

type Header = readonly [name: string, value: string];

/** Methods a request may have outside a dialog, and the three that follow an INVITE (RFC 3261 20.5). */
const ALLOW: Header = ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS'];

/** What a challenge is made of; `newNonce` gives one that was never issued before. */
export interface ChallengeSource {
  readonly realm: string;
  /** Preferred first: a challenge for each (RFC 8760 2.3). */
  readonly algorithms: readonly DigestAlgorithmName[];
  newNonce(): string;
}

/** The answer to an OPTIONS ping, by the documented reason phrase (rule sip.options.keepalive). */
function keepaliveAnswer(toTag: string): ResponseContent {
  return { status: 200, reasonPhrase: 'Keepalive', toTag, headers: [ALLOW] };
}

/** 407 with a fresh nonce (RFC 3261 22.3). */
function challengeAnswer(source: ChallengeSource, stale: boolean, toTag: string): ResponseContent {
  return { status: 407, toTag, headers: challengeHeaders('Proxy-Authenticate', source, stale) };
}

/** The answer to a refused request, with the header fields its status calls for. */
function refusalAnswer(
  status: RefusalStatus,
  request: SipRequest,
  source: ChallengeSource,
  toTag: string,
): ResponseContent {
  return { status, toTag, headers: refusalHeaders(status, request, source) };
}

/** The answer while the edge stops, or where it can take no call. */
function unavailableAnswer(toTag: string): ResponseContent {
  return { status: 503, toTag, headers: [['Retry-After', '5']] };
}

/** Every answer the edge gives by itself, the malformed request's apart. */
export const ANSWERS = { keepaliveAnswer, challengeAnswer, refusalAnswer, unavailableAnswer };

function refusalHeaders(
  status: RefusalStatus,
  request: SipRequest,
  source: ChallengeSource,
): readonly Header[] {
  switch (status) {
    case 401:
      // RFC 3261 22.2 demands it; an Authorization in return is not looked at (rule amb.401-no-challenge).
      return challengeHeaders('WWW-Authenticate', source, false);
    case 405:
      return [ALLOW];
    case 420:
      return [['Unsupported', request.values('proxy-require').join(', ')]];
    default:
      return [];
  }
}

function challengeHeaders(name: string, source: ChallengeSource, stale: boolean): Header[] {
  const nonce = source.newNonce();
  return source.algorithms.map((algorithm) => [
    name,
    challengeText({ realm: source.realm, nonce, algorithm, stale }),
  ]);
}
