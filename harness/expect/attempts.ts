import type { WireMessage } from '../capture/sip_messages.ts';
import { isFinalOf, type Attempt } from '../traffic/raw_caller.ts';
import { readChallenge, type Challenge } from './challenge.ts';
import { matched, mismatch, type Match } from './match.ts';

const WHERE = 'the requests and their answers, attached';

/** The first final answer. */
function finalOf({ answers, callIds }: Attempt): WireMessage | undefined {
  return answers.find((answer) => isFinalOf(answer, callIds));
}

function shown(answer: WireMessage | undefined): string {
  return answer ? `${answer.status} ${answer.reason ?? ''}`.trim() : 'no final answer';
}

/** The first Digest challenge of a 407. */
export function challengeIn(attempt: Attempt): Challenge | undefined {
  const final = finalOf(attempt);
  if (final?.status !== 407) return undefined;
  return final
    .all('Proxy-Authenticate')
    .map(readChallenge)
    .find(({ scheme }) => scheme === 'digest');
}

/**
 * It was challenged for this realm, with a nonce that is none of the ones known.
 * Rules: hard.digest.foreign-nonce, hard.digest.replay.
 */
export function challengedAnew(attempt: Attempt, realm: string, known: readonly string[]): Match {
  const wish = `407 with Proxy-Authenticate: Digest realm="${realm}" and a nonce not seen before`;
  const challenge = challengeIn(attempt);
  if (!challenge) return mismatch(wish, shown(finalOf(attempt)), WHERE);
  const nonce = challenge.parameters.get('nonce') ?? '';
  if (challenge.parameters.get('realm') !== realm || nonce === '')
    return mismatch(wish, challenge.text, WHERE);
  return known.includes(nonce) ? mismatch(wish, '407 with the same nonce', WHERE) : matched;
}

/**
 * It got through: the voice platform was called. Without a stand-in there, any answer will do that the service does not
 * give to somebody it does not let in.
 * Rules: hard.digest.foreign-nonce, hard.digest.replay, hard.digest.nonce-poisoning.
 */
export function gotThrough(attempt: Attempt): Match {
  const final = finalOf(attempt);
  const wish = 'the call reaches the voice platform';
  const isLetIn = attempt.delivered
    ? attempt.delivered.some(({ method }) => method === 'INVITE')
    : final !== undefined && ![401, 403, 407].includes(final.status ?? 0);
  return isLetIn ? matched : mismatch(wish, `it did not: ${shown(final)}`, WHERE);
}

/**
 * Nothing that was sent under its Call-IDs reached the voice platform.
 * Rules: hard.digest.foreign-nonce, hard.digest.replay, hard.digest.nonce-poisoning.
 */
export function keptOut({ delivered }: Attempt): Match {
  const through = delivered?.find(({ method }) => method !== undefined);
  return through
    ? mismatch('nothing reaches the voice platform', `${through.startLine} was delivered`, WHERE)
    : matched;
}
