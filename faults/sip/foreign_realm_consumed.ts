import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'foreign-realm-consumed',
  rule: 'sip.auth.foreign-realm',
  sentence: 'Every Proxy-Authorization is taken out of an accepted call, also those for other realms.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) => field.key === 'proxy-authorization' || forwarding.drops(field),
      }),
  }),
} satisfies Fault;
