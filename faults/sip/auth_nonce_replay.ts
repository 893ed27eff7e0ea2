import { decide } from '../../impl/edge/policy.ts';
import { NonceCounts } from '../../impl/sip/nonce_count.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

/** The highest nonce-count that came with a wrong digest, by nonce. */
const spentCounts = new Map<string, number>();

/** The nonce-count that let a call in last, by nonce. */
const lastCounts = new Map<string, string>();

export default faultsOf('sip.auth.nonce-replay', [
  {
    id: 'nonce-count-not-kept',
    sentence: 'The same credentials are accepted any number of times while their nonce lives.',
    override: edgeWith({
      NonceCounts: class extends NonceCounts {
        override isReplayed(): boolean {
          return false;
        }
      },
    }),
  },
  {
    id: 'older-nonce-count-accepted',
    sentence:
      'A nonce-count is refused where it is the one that was used last, and accepted where it is older.',
    override: decidedOtherwise((decision, arrival, view, now) => {
      const { nonce, nc } = arrival.request.proxyAuthorizations[0]?.credentials ?? {};
      if (nonce === undefined || nc === undefined) return decision;
      const isOlder = decision.reason === 'nonce-replayed' && lastCounts.get(nonce) !== nc;
      const uncounted = { ...view, nonceCounts: { isReplayed: () => false } };
      const instead = isOlder ? decide(arrival, uncounted, now) : decision;
      if (instead.action === 'deliver') lastCounts.set(nonce, nc);
      return instead;
    }),
  },
  {
    id: 'nonce-count-of-wrong-answers-kept',
    sentence:
      'A wrong digest uses up its nonce-count: after a huge one the nonce is useless to its rightful caller.',
    override: decidedOtherwise((decision, { request }) => {
      const { nonce, nc } = request.proxyAuthorizations[0]?.credentials ?? {};
      if (nonce === undefined || nc === undefined) return decision;
      const highest = spentCounts.get(nonce) ?? 0;
      const count = Number.parseInt(nc, 16);
      if (decision.reason === 'digest-wrong') spentCounts.set(nonce, Math.max(highest, count));
      return decision.action === 'deliver' && count <= highest
        ? { action: 'challenge', stale: true, reason: 'nonce-replayed' }
        : decision;
    }),
  },
  {
    id: 'replay-refused',
    sentence: 'A nonce-count that comes again is refused with 401 instead of challenged.',
    override: decidedOtherwise((decision) =>
      decision.reason === 'nonce-replayed'
        ? { action: 'refuse', status: 401, reason: 'nonce-replayed' }
        : decision,
    ),
  },
]);
