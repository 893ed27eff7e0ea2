import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'header-beginning-with-x-dropped',
  rule: 'sip.headers.standard-kept',
  sentence: 'A header whose name begins with an X is taken for a vendor header, hyphen or not.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) => field.key.startsWith('x') || forwarding.drops(field),
      }),
  }),
} satisfies Fault;
