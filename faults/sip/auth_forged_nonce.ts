import { type CheckedNonce, NonceIssuer } from '../../impl/sip/nonce.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('sip.auth.forged-nonce', [
  {
    id: 'forged-nonce-refused',
    sentence: 'The right answer to a nonce that was never given is refused with 401 instead of challenged.',
    override: decidedOtherwise((decision) =>
      decision.reason === 'nonce-forged'
        ? { action: 'refuse', status: 401, reason: 'nonce-forged' }
        : decision,
    ),
  },
  {
    id: 'nonce-judged-by-its-look',
    sentence: 'A nonce that was never given is good if it looks like one that was.',
    override: edgeWith({
      NonceIssuer: class extends NonceIssuer {
        override check(nonce: string, now: number): CheckedNonce {
          const checked = super.check(nonce, now);
          const looksRight = checked.state === 'forged' && /^[\w-]{40}$/.test(nonce);
          return looksRight ? { state: 'valid', issuedAt: now } : checked;
        }
      },
    }),
  },
  {
    id: 'nonce-not-checked',
    sentence: 'Any nonce that is not too old is good, even one that the caller made up.',
    override: edgeWith({
      NonceIssuer: class extends NonceIssuer {
        override check(nonce: string, now: number): CheckedNonce {
          const checked = super.check(nonce, now);
          return checked.state === 'forged' ? { state: 'valid', issuedAt: now } : checked;
        }
      },
    }),
  },
]);
