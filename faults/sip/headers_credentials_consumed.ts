import { faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('sip.headers.credentials-consumed', [
  {
    id: 'credentials-forwarded',
    sentence: 'The credentials of an accepted call are passed on with it.',
    override: forwardedOtherwise((forwarding) => ({
      drops: (field) => field.key !== 'proxy-authorization' && forwarding.drops(field),
    })),
  },
]);
