import { NonceIssuer } from '../../impl/sip/nonce.ts';
import type { CheckedNonce } from '../../impl/sip/nonce.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'nonce-not-checked',
  rule: 'sip.auth.forged-nonce',
  sentence: 'Any nonce is good that was not given too long ago, also one that the caller made up.',
  override: edgeWith({
    NonceIssuer: class extends NonceIssuer {
      override check(nonce: string, now: number): CheckedNonce {
        const checked = super.check(nonce, now);
        return checked.state === 'forged' ? { state: 'valid', issuedAt: now } : checked;
      }
    },
  }),
} satisfies Fault;
