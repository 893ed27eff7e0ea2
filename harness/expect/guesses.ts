import type { HttpAnswer } from '../clients/http.ts';
import { answeredWith, answerPlace, headed } from './answers.ts';
import { matched, mismatch, type Match } from './match.ts';
import { tokenRefused } from './token_answers.ts';

/** RFC 6585 section 4. */
const TOO_MANY_REQUESTS = 429;
/** Who waits so long for each answer cannot guess. */
const SLOW_MS = 1_000;

/**
 * Somebody who guesses is made to wait (RFC 6749 section 2.3.1): the last guess is answered late, or with 429, which
 * says for how long. Rule: oauth.token.guessing.
 */
export function guessingLimited(guesses: readonly HttpAnswer[]): Match {
  const last = guesses.at(-1);
  if (last === undefined) return mismatch('an answer', 'none');
  if (last.status === TOO_MANY_REQUESTS)
    return headed(last, 'retry-after', /^[1-9]\d{0,3}$/, 'seconds to wait');
  if (last.durationMs >= SLOW_MS) return matched;
  const came = `the guess number ${guesses.length} got ${last.status} at once`;
  return mismatch(['429', `an answer after ${SLOW_MS / 1000} s`], came, answerPlace(last));
}

/** Each guess is refused, looked at or not, and 429 says when to come again. Rule: oauth.token.guessing. */
export function guessesAnswered(guesses: readonly HttpAnswer[]): Match {
  const misfits = guesses.map(guessRefused).filter((match) => !match.ok);
  return misfits[0] ?? matched;
}

function guessRefused(answer: HttpAnswer): Match {
  if (answer.status === TOO_MANY_REQUESTS)
    return headed(answer, 'retry-after', /^[1-9]\d{0,3}$/, 'seconds to wait');
  const refused = answeredWith(answer, 401, TOO_MANY_REQUESTS);
  return refused.ok ? tokenRefused(answer, 'invalid_client') : refused;
}
