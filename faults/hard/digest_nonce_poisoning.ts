import type { Parts } from '../../impl/system.ts';
import { decidedOtherwise, faultsOf } from '../fault.ts';

const COLLATERAL = { 'sip.auth.nonce-replay': 'in one of its scenarios a wrong answer comes first too' };

export default faultsOf('hard.digest.nonce-poisoning', [
  {
    id: 'largest-nonce-count-ends-nonce',
    sentence: 'The nonce count ffffffff ends a nonce, whether or not its digest is right.',
    collateral: COLLATERAL,
    override: endedBy((count) => count === 0xffff_ffff),
  },
  {
    id: 'wrong-digest-ends-nonce',
    sentence: 'Whoever answers a challenge with a wrong digest makes its nonce useless for everybody.',
    override: endedBy(() => true),
    collateral: COLLATERAL,
  },
]);

/** The edge where a wrong digest with such a nonce count ends its nonce. */
function endedBy(isEnding: (count: number) => boolean): Partial<Parts> {
  const ended = new Set<string>();
  return decidedOtherwise((decision, { request }) => {
    const { nonce = '', nc = '' } = request.proxyAuthorizations[0]?.credentials ?? {};
    if (decision.reason === 'digest-wrong' && isEnding(Number.parseInt(nc, 16))) ended.add(nonce);
    return decision.action === 'deliver' && ended.has(nonce)
      ? { action: 'challenge', stale: true, reason: 'nonce-replayed' }
      : decision;
  });
}
