import { NonceIssuer } from '../../impl/sip/nonce.ts';
import type { CheckedNonce } from '../../impl/sip/nonce.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'nonce-judged-by-its-look',
  rule: 'sip.auth.forged-nonce',
  sentence: 'A nonce that was never given is good if it has the length and the characters of one that was.',
  override: edgeWith({
    NonceIssuer: class extends NonceIssuer {
      override check(nonce: string, now: number): CheckedNonce {
        const checked = super.check(nonce, now);
        const looksRight = checked.state === 'forged' && /^[\w-]{40}$/.test(nonce);
        return looksRight ? { state: 'valid', issuedAt: now } : checked;
      }
    },
  }),
} satisfies Fault;
