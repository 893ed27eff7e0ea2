import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'max-forwards-not-decremented',
  rule: 'sip.hops.decrement',
  sentence: 'A request leaves with the Max-Forwards it came with.',
  override: edgeWith({
    forwardedRequest: (request, forwarding) =>
      forwardedRequest(request, {
        ...forwarding,
        maxForwards: request.maxForwards ?? forwarding.maxForwards,
      }),
  }),
} satisfies Fault;
