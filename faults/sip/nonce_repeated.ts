import { NonceIssuer, type CheckedNonce } from '../../impl/sip/nonce.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

const HOLD_MS = 1000;

export default {
  id: 'nonce-repeated',
  rule: 'sip.challenge.fresh-nonce',
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
} satisfies Fault;
