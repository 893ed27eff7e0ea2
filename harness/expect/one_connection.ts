import type { WireMessage } from '../capture/sip_messages.ts';
import { matched, mismatch, type Match } from './match.ts';

/** What becomes of a call whose called side is busy: it is told so, or the service refuses it with 401. */
export type Outcome = 'let in' | 'refused';

const STATUS: Readonly<Record<Outcome, number>> = { 'let in': 486, refused: 401 };

/** Whether these are the words for one. */
export function isOutcome(words: string): words is Outcome {
  return Object.hasOwn(STATUS, words);
}

/** Whether a call over the connection was let in. */
export function isLetIn(answer: WireMessage | undefined): boolean {
  return answer?.status === STATUS['let in'];
}

/**
 * Calls over one connection fare so, one after the other.
 * Rules: app.rotate.old-dies-at-once, sip.source-ips.update.
 */
export function inTurn(answers: readonly (WireMessage | undefined)[], outcomes: readonly Outcome[]): Match {
  const wish = outcomes.map((outcome) => STATUS[outcome]).join(', ');
  const came = answers.map((answer) => answer?.status ?? 'no final answer').join(', ');
  return came === wish ? matched : mismatch(wish, came, 'the answers that came over the connection');
}
