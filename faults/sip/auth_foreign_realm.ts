import { decidedOtherwise, faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('sip.auth.foreign-realm', [
  {
    id: 'first-credentials-only',
    sentence: 'Only the first Proxy-Authorization of a request is looked at.',
    override: decidedOtherwise((decision, { request }, { realm }) =>
      decision.reason === 'digest-right' && request.proxyAuthorizations[0]?.credentials?.realm !== realm
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
  {
    id: 'foreign-realm-consumed',
    sentence: 'Every Proxy-Authorization is taken out of an accepted call, even those for other realms.',
    override: forwardedOtherwise((forwarding) => ({
      drops: (field) => field.key === 'proxy-authorization' || forwarding.drops(field),
    })),
  },
  {
    id: 'foreign-realm-refused',
    sentence: 'Credentials for another realm are taken for wrong ones and refused with 401.',
    override: decidedOtherwise((decision, { request }) =>
      decision.reason === 'no-credentials' && request.proxyAuthorizations.length > 0
        ? { action: 'refuse', status: 401, reason: 'digest-wrong' }
        : decision,
    ),
  },
  {
    id: 'last-credentials-only',
    sentence: 'Only the last Proxy-Authorization of a request is looked at.',
    override: decidedOtherwise((decision, { request }, { realm }) =>
      decision.reason === 'digest-right' && request.proxyAuthorizations.at(-1)?.credentials?.realm !== realm
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
]);
