import { ANSWERS } from '../../impl/edge/answer.ts';
import { decide } from '../../impl/edge/policy.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** The nonce of the request that was judged last: its answer is made right after. */
let oldNonce: string | undefined;

export default {
  id: 'stale-challenge-with-the-old-nonce',
  rule: 'sip.auth.stale-nonce',
  sentence: 'The challenge after an old nonce carries the same old nonce again.',
  override: edgeWith({
    decide(arrival, view, now) {
      const decision = decide(arrival, view, now);
      const isOld = decision.reason === 'nonce-expired';
      oldNonce = isOld ? arrival.request.proxyAuthorizations[0]?.credentials?.nonce : undefined;
      return decision;
    },
    answers: {
      ...ANSWERS,
      challengeAnswer(source, stale, toTag) {
        const nonce = oldNonce;
        const instead = nonce === undefined ? source : { ...source, newNonce: () => nonce };
        return ANSWERS.challengeAnswer(instead, stale, toTag);
      },
    },
  }),
} satisfies Fault;
