import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'max-forwards-not-added',
  rule: 'sip.hops.decrement',
  sentence: 'A request that comes without Max-Forwards leaves without it.',
  override: edgeWith({
    forwardedRequest(request, forwarding) {
      const packet = forwardedRequest(request, forwarding);
      if (request.maxForwards !== undefined) return packet;
      return Buffer.from(packet.toString('latin1').replace(/^Max-Forwards:.*\r\n/m, ''), 'latin1');
    },
  }),
} satisfies Fault;
