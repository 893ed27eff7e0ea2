import { challengeText, type DigestAlgorithmName } from '../sip/digest.ts';
import type { SipRequest } from '../sip/message.ts';
import type { ResponseContent } from '../sip/serialiser.ts';
import type { RefusalStatus } from './decision.ts';

type Header = readonly [name: string, value: string];

/** Methods that the edge takes outside a dialog, and the three that follow an INVITE (RFC 3261 20.5). */
const ALLOW: Header = ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS'];

/** What a challenge is made of. */
export interface ChallengeSource {
  readonly realm: string;
  /** One challenge for each, the preferred one first (RFC 8760 2.3). */
  readonly algorithms: readonly DigestAlgorithmName[];
  /** A nonce that was never issued before. */
  newNonce(): string;
}

/** The answer to an OPTIONS ping, with the documented reason phrase (rule sip.options.keepalive). */
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

/** The answer while the edge stops, or when it is overloaded. */
function unavailableAnswer(toTag: string): ResponseContent {
  return { status: 503, toTag, headers: [['Retry-After', '5']] };
}

/** Every answer that the edge gives by itself, except the one to a malformed request. */
export const ANSWERS = { keepaliveAnswer, challengeAnswer, refusalAnswer, unavailableAnswer };

function refusalHeaders(
  status: RefusalStatus,
  request: SipRequest,
  source: ChallengeSource,
): readonly Header[] {
  switch (status) {
    case 401:
      // RFC 3261 22.2 demands it. An Authorization sent in return is ignored (rule amb.401-no-challenge).
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
