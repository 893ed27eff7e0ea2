import { ANSWERS } from '../../impl/edge/answer.ts';
import { decide } from '../../impl/edge/policy.ts';
import { type CheckedNonce, NonceIssuer } from '../../impl/sip/nonce.ts';
import { NonceCounts } from '../../impl/sip/nonce_count.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

/** The nonce of the request that was judged last: its answer is made right after. */
let oldNonce: string | undefined;

/** The nonces that calls were let in with. */
const used = new Set<string>();

export default faultsOf('sip.auth.stale-nonce', [
  {
    id: 'nonces-never-expire',
    sentence: 'No nonce grows old.',
    override: edgeWith({
      NonceIssuer: class extends NonceIssuer {
        override check(nonce: string, now: number): CheckedNonce {
          const checked = super.check(nonce, now);
          return checked.state === 'expired' ? { state: 'valid', issuedAt: now } : checked;
        }
      },
    }),
  },
  {
    id: 'used-nonces-never-expire',
    sentence: 'A nonce with which a call was let in does not grow old as long as its count rises.',
    override: edgeWith({
      NonceIssuer: class extends NonceIssuer {
        override check(nonce: string, now: number): CheckedNonce {
          const checked = super.check(nonce, now);
          const isKept = checked.state === 'expired' && used.has(nonce);
          return isKept ? { state: 'valid', issuedAt: now } : checked;
        }
      },
      NonceCounts: class extends NonceCounts {
        override accepted(...how: Parameters<NonceCounts['accepted']>): void {
          used.add(how[0]);
          super.accepted(...how);
        }
      },
    }),
  },
  {
    id: 'old-nonce-refused',
    sentence: 'The right answer to an old nonce is refused with 401 like a wrong password.',
    override: decidedOtherwise((decision) =>
      decision.reason === 'nonce-expired'
        ? { action: 'refuse', status: 401, reason: 'nonce-expired' }
        : decision,
    ),
  },
  {
    id: 'stale-challenge-with-the-old-nonce',
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
  },
  {
    id: 'stale-not-said',
    sentence: 'The challenge after an old nonce does not say that the nonce was stale.',
    override: decidedOtherwise((decision) =>
      decision.action === 'challenge' && decision.reason === 'nonce-expired'
        ? { ...decision, stale: false }
        : decision,
    ),
  },
]);
