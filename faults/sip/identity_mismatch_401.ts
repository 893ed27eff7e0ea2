import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'identity-mismatch-401',
  rule: 'sip.identity.request-uri',
  sentence: 'A call whose Request-URI and To name two applications is refused with 401 instead of 403.',
  collateral: { 'sip.identity.to': 'whichever of the two is the wrong one' },
  override: decidedOtherwise((decision) =>
    decision.reason === 'identity-mismatch'
      ? { action: 'refuse', status: 401, reason: 'identity-mismatch' }
      : decision,
  ),
} satisfies Fault;
