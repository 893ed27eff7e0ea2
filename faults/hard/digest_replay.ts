import { NonceCounts } from '../../impl/sip/nonce_count.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('hard.digest.replay', [
  {
    id: 'lower-nonce-count-accepted',
    sentence: 'A nonce count that was not used is accepted, even if it is lower than one that was.',
    override: replayedIf((count, used) => used.includes(count)),
  },
  {
    id: 'only-last-nonce-count-kept',
    sentence: 'Only the count that came last is refused; every other one is accepted again.',
    override: replayedIf((count, used) => used.at(-1) === count),
  },
  {
    id: 'first-nonce-count-kept-only',
    sentence: 'Of the counts that were accepted only the first one is remembered.',
    override: replayedIf((count, used) => count <= (used[0] ?? -1)),
  },
]);

/** The edge where `isReplayed` judges a nonce count by those accepted before, in their order. */
function replayedIf(isReplayed: (count: number, used: readonly number[]) => boolean): Partial<Parts> {
  const accepted = new Map<string, number[]>();
  return edgeWith({
    NonceCounts: class extends NonceCounts {
      override isReplayed(nonce: string, _issuedAt: number, count: number): boolean {
        return isReplayed(count, accepted.get(nonce) ?? []);
      }

      override accepted(nonce: string, count: number): void {
        accepted.set(nonce, [...(accepted.get(nonce) ?? []), count]);
      }
    },
  });
}
