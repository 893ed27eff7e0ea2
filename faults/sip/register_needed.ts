import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { EVERY_CALL_SET_UP, because } from '../collateral.ts';

export default {
  id: 'register-needed',
  rule: 'sip.no-register-needed',
  sentence: 'A call whose caller has not registered before is forbidden, whatever else is right.',
  collateral: because('nobody registers, so no call is set up', EVERY_CALL_SET_UP, 'sip.no-register-needed'),
  override: decidedOtherwise((decision) =>
    decision.action === 'deliver'
      ? { action: 'refuse', status: 403, reason: 'source-not-allowed' }
      : decision,
  ),
} satisfies Fault;
