import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'vendor-header-in-other-case-kept',
  rule: 'sip.headers.vendor-stripped',
  sentence: 'A header whose name begins with a small x- is taken for another header.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) =>
          forwarding.drops(field) && !(field.key.startsWith('x-') && !field.name.startsWith('X-')),
      }),
  }),
} satisfies Fault;
