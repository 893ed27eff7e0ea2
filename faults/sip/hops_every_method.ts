import { faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('sip.hops.every-method', [
  {
    id: 'max-forwards-lowered-in-invites-only',
    sentence: 'Only INVITEs leave with a Max-Forwards that is lower than the one that they came with.',
    override: forwardedOtherwise((forwarding, { method, maxForwards = forwarding.maxForwards }) =>
      method === 'INVITE' ? {} : { maxForwards },
    ),
  },
]);
