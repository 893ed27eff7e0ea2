import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'credentials-forwarded',
  rule: 'sip.headers.credentials-consumed',
  sentence: 'The credentials that let a call in go on with it.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) => field.key !== 'proxy-authorization' && forwarding.drops(field),
      }),
  }),
} satisfies Fault;
