import { NonceIssuer } from '../../impl/sip/nonce.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

const HOLD_MS = 1000;

export default {
  id: 'nonce-repeated',
  rule: 'sip.challenge.fresh-nonce',
  sentence: 'All challenges of one second carry the same nonce.',
  override: edgeWith({
    NonceIssuer: class extends NonceIssuer {
      #nonce = '';
      #issuedAt = 0;

      override issue(now: number): string {
        if (now - this.#issuedAt >= HOLD_MS) {
          this.#nonce = super.issue(now);
          this.#issuedAt = now;
        }
        return this.#nonce;
      }
    },
  }),
} satisfies Fault;
