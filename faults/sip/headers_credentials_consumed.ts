import { faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('sip.headers.credentials-consumed', [
  {
    id: 'credentials-forwarded',
    sentence: 'The credentials that let a call in go on with it.',
    override: forwardedOtherwise((forwarding) => ({
      drops: (field) => field.key !== 'proxy-authorization' && forwarding.drops(field),
    })),
  },
]);
