import { ANSWERS } from '../../impl/edge/answer.ts';
import { decide } from '../../impl/edge/policy.ts';
import { type CheckedNonce, NonceIssuer } from '../../impl/sip/nonce.ts';
import { edgeWith, faultsOf } from '../fault.ts';

const HOLD_MS = 1000;
/** The call that was judged last: its answer is made right after. */
let callId = '';
const nonceOf = new Map<string, string>();
let lastNonce: string | undefined;

export default faultsOf('sip.challenge.fresh-nonce', [
  {
    id: 'nonce-repeated',
    sentence: 'For a second, a nonce that nobody has answered is given to the next caller too.',
    override: edgeWith({
      NonceIssuer: class extends NonceIssuer {
        #unanswered = '';
        #issuedAt = 0;

        override issue(now: number): string {
          if (this.#unanswered === '' || now - this.#issuedAt >= HOLD_MS) {
            this.#unanswered = super.issue(now);
            this.#issuedAt = now;
          }
          return this.#unanswered;
        }

        override check(nonce: string, now: number): CheckedNonce {
          if (nonce === this.#unanswered) this.#unanswered = '';
          return super.check(nonce, now);
        }
      },
    }),
  },
  {
    id: 'nonce-of-the-call',
    sentence: 'Every challenge under one Call-ID carries the same nonce.',
    override: edgeWith({
      decide(arrival, view, now) {
        callId = arrival.request.callId;
        return decide(arrival, view, now);
      },
      answers: {
        ...ANSWERS,
        challengeAnswer(source, stale, toTag) {
          const nonce = nonceOf.get(callId) ?? source.newNonce();
          nonceOf.set(callId, nonce);
          const newNonce = (): string => nonce;
          return ANSWERS.challengeAnswer({ ...source, newNonce }, stale, toTag);
        },
      },
    }),
  },
  {
    id: 'refusal-repeats-the-nonce',
    sentence: 'A 401 carries the nonce of the challenge before it.',
    override: edgeWith({
      answers: {
        ...ANSWERS,
        challengeAnswer(source, stale, toTag) {
          const newNonce = (): string => (lastNonce = source.newNonce());
          return ANSWERS.challengeAnswer({ ...source, newNonce }, stale, toTag);
        },
        refusalAnswer(status, request, source, toTag) {
          const newNonce = (): string => lastNonce ?? source.newNonce();
          return ANSWERS.refusalAnswer(status, request, { ...source, newNonce }, toTag);
        },
      },
    }),
  },
]);
