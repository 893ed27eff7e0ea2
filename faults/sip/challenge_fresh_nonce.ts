import { type CheckedNonce, NonceIssuer } from '../../impl/sip/nonce.ts';
import { edgeWith, faultsOf } from '../fault.ts';

const HOLD_MS = 1000;

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
]);
