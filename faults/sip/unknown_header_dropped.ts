import { usualHeaderKey } from '../../impl/sip/header_name.ts';
import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'unknown-header-dropped',
  rule: 'sip.headers.standard-kept',
  sentence: 'A header whose name the service does not know goes no further.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        drops: (field) => usualHeaderKey(field.name) === undefined || forwarding.drops(field),
      }),
  }),
} satisfies Fault;
