import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** The highest nonce-count that came with a wrong digest, by nonce. */
const spent = new Map<string, number>();

export default {
  id: 'nonce-count-of-wrong-answers-kept',
  rule: 'sip.auth.nonce-replay',
  sentence:
    'A wrong digest uses up its nonce-count, so that a huge one shuts the nonce for whoever it was given to.',
  override: decidedOtherwise((decision, { request }) => {
    const { nonce, nc } = request.proxyAuthorizations[0]?.credentials ?? {};
    if (nonce === undefined || nc === undefined) return decision;
    const highest = spent.get(nonce) ?? 0;
    const count = Number.parseInt(nc, 16);
    if (decision.reason === 'digest-wrong') spent.set(nonce, Math.max(highest, count));
    return decision.action === 'deliver' && count <= highest
      ? { action: 'challenge', stale: true, reason: 'nonce-replayed' }
      : decision;
  }),
} satisfies Fault;
