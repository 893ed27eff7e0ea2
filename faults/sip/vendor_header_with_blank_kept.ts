import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'vendor-header-with-blank-kept',
  rule: 'sip.headers.vendor-stripped',
  sentence: 'A vendor header with a blank before its colon is not recognised.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) =>
          forwarding.drops(field) &&
          !(field.key.startsWith('x-') && /^[^:]*[ \t]:/.test(request.text.slice(field.start, field.end))),
      }),
  }),
} satisfies Fault;
