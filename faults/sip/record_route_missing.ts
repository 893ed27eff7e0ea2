import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'record-route-missing',
  rule: 'sip.dialog.in-route',
  sentence: 'The service does not put itself on the route of the calls it sets up.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, { ...forwarding, recordRoute: undefined }),
  }),
} satisfies Fault;
