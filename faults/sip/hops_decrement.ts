import { forwardedRequest } from '../../impl/sip/serialiser.ts';
import { edgeWith, faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('sip.hops.decrement', [
  {
    id: 'max-forwards-not-added',
    sentence: 'A request that comes without Max-Forwards leaves without it.',
    override: edgeWith({
      forwardedRequest(request, forwarding) {
        const packet = forwardedRequest(request, forwarding);
        if (request.maxForwards !== undefined) return packet;
        return Buffer.from(packet.toString('latin1').replace(/^Max-Forwards:.*\r\n/m, ''), 'latin1');
      },
    }),
  },
  {
    id: 'max-forwards-not-decremented',
    sentence: 'A request leaves with the Max-Forwards it came with.',
    override: forwardedOtherwise((forwarding, request) => ({
      maxForwards: request.maxForwards ?? forwarding.maxForwards,
    })),
  },
]);
