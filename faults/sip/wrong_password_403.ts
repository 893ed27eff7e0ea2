import { WRONG_PASSWORDS } from '../collateral.ts';
import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'wrong-password-403',
  rule: 'sip.auth.wrong-password',
  sentence: 'A wrong digest is refused with 403 instead of 401.',
  collateral: WRONG_PASSWORDS,
  override: decidedOtherwise((decision) =>
    decision.reason === 'digest-wrong' ? { action: 'refuse', status: 403, reason: 'digest-wrong' } : decision,
  ),
} satisfies Fault;
