import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'loops-after-challenge',
  rule: 'sip.hops.before-auth',
  sentence: 'An INVITE that comes back without credentials is challenged instead of recognised.',
  collateral: { 'sip.loop': 'what comes back has no credentials any more' },
  override: decidedOtherwise((decision, { request }) =>
    decision.reason === 'looped' && request.proxyAuthorizations.length === 0
      ? { action: 'challenge', stale: false, reason: 'no-credentials' }
      : decision,
  ),
} satisfies Fault;
