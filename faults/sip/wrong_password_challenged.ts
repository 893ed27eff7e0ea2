import { WRONG_PASSWORDS } from '../collateral.ts';
import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'wrong-password-challenged',
  rule: 'sip.auth.wrong-password',
  sentence: 'A wrong digest is challenged again and again instead of refused.',
  collateral: WRONG_PASSWORDS,
  override: decidedOtherwise((decision) =>
    decision.reason === 'digest-wrong'
      ? { action: 'challenge', stale: false, reason: 'digest-wrong' }
      : decision,
  ),
} satisfies Fault;
