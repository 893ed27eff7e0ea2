import { NonceIssuer, type CheckedNonce } from '../../impl/sip/nonce.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('hard.digest.foreign-nonce', [
  {
    id: 'nonce-case-ignored',
    sentence: 'A nonce in other case is taken for the one that was issued.',
    override: goodIf((nonce, issued) => nonce.toLowerCase() === issued.toLowerCase()),
  },
  {
    id: 'nonce-half-checked',
    sentence: 'Only the first half of a nonce is compared with the ones that were issued.',
    override: goodIf((nonce, issued) => nonce.slice(0, 20) === issued.slice(0, 20)),
  },
  {
    id: 'nonce-long-taken',
    sentence: 'A nonce that is too long to be compared is taken for a good one.',
    override: goodIf((nonce) => nonce.length > 4096),
  },
  {
    id: 'nonce-time-not-protected',
    sentence: 'A caller may change the time in a nonce, so that it never grows old.',
    override: goodIf((nonce, issued) => nonce.slice(8) === issued.slice(8)),
  },
]);

/** The edge that also takes a nonce it did not issue if `isGood` says so of it and one that it did issue. */
function goodIf(isGood: (nonce: string, issued: string) => boolean): Partial<Parts> {
  const issued: string[] = [];
  return edgeWith({
    NonceIssuer: class extends NonceIssuer {
      override issue(now: number): string {
        const nonce = super.issue(now);
        issued.push(nonce);
        return nonce;
      }

      override check(nonce: string, now: number): CheckedNonce {
        const checked = super.check(nonce, now);
        const isTaken = checked.state === 'forged' && issued.some((one) => isGood(nonce, one));
        return isTaken ? { state: 'valid', issuedAt: now } : checked;
      }
    },
  });
}
