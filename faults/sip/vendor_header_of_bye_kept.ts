import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'vendor-header-of-bye-kept',
  rule: 'sip.headers.vendor-stripped',
  sentence: 'Vendor headers are taken out of the INVITE and not out of the requests that follow it.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) =>
          forwarding.drops(field) && !(field.key.startsWith('x-') && request.to.tag !== undefined),
      }),
  }),
} satisfies Fault;
