import { because, EVERY_CALL_SET_UP } from '../collateral.ts';
import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.no-register-needed', [
  {
    id: 'register-needed',
    sentence: 'A call whose caller has not registered before is forbidden, whatever else is right.',
    collateral: because(
      'nobody registers, so no call is set up',
      EVERY_CALL_SET_UP,
      'sip.no-register-needed',
    ),
    override: decidedOtherwise((decision) =>
      decision.action === 'deliver'
        ? { action: 'refuse', status: 403, reason: 'source-not-allowed' }
        : decision,
    ),
  },
]);
