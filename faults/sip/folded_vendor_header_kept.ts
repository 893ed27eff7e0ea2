import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'folded-vendor-header-kept',
  rule: 'sip.headers.vendor-stripped',
  sentence: 'A vendor header that is folded onto a second line is not recognised.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) =>
          forwarding.drops(field) && !(field.key.startsWith('x-') && /[\r\n]/.test(field.value)),
      }),
  }),
} satisfies Fault;
