import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'vendor-header-repeated-kept',
  rule: 'sip.headers.vendor-stripped',
  sentence: 'Of vendor headers of the same name only the first is taken out.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) =>
          forwarding.drops(field) && !(field.key.startsWith('x-') && request.field(field.key) !== field),
      }),
  }),
} satisfies Fault;
