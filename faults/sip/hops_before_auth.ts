import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.hops.before-auth', [
  {
    id: 'hops-after-challenge',
    sentence: 'An INVITE with Max-Forwards 0 and without credentials is challenged first.',
    override: decidedOtherwise((decision, { request }) =>
      decision.reason === 'hops-exhausted' &&
      request.method === 'INVITE' &&
      request.proxyAuthorizations.length === 0
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
  {
    id: 'loops-after-challenge',
    sentence: 'An INVITE that comes back without credentials is challenged instead of answered with 482.',
    collateral: { 'sip.loop': 'what comes back has no credentials any more' },
    override: decidedOtherwise((decision, { request }) =>
      decision.reason === 'looped' && request.proxyAuthorizations.length === 0
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
]);
