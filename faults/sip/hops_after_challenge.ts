import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'hops-after-challenge',
  rule: 'sip.hops.before-auth',
  sentence: 'An INVITE with Max-Forwards 0 and without credentials is challenged first.',
  collateral: { 'sip.hops': 'its INVITE has no credentials either' },
  override: decidedOtherwise((decision, { request }) =>
    decision.reason === 'hops-exhausted' &&
    request.method === 'INVITE' &&
    request.proxyAuthorizations.length === 0
      ? { action: 'challenge', stale: false, reason: 'no-credentials' }
      : decision,
  ),
} satisfies Fault;
