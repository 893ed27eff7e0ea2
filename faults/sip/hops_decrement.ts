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
  {
    id: 'max-forwards-at-most-70',
    sentence: 'A Max-Forwards of more than 70 leaves as 70.',
    override: forwardedOtherwise(({ maxForwards }) => ({ maxForwards: Math.min(maxForwards, 70) })),
  },
  {
    id: 'max-forwards-anew-in-a-call',
    sentence: 'In a call every request leaves with Max-Forwards 70.',
    override: forwardedOtherwise(({ maxForwards }, request) => ({
      maxForwards: request.to.tag === undefined ? maxForwards : 70,
    })),
  },
  {
    id: 'max-forwards-never-0',
    sentence: 'The last hop is not taken: Max-Forwards 1 leaves as 1.',
    override: forwardedOtherwise(({ maxForwards }) => ({ maxForwards: Math.max(maxForwards, 1) })),
  },
]);
