import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'wrong-password-challenged',
  rule: 'sip.auth.wrong-password',
  sentence: 'A wrong digest is challenged again and again instead of refused.',
  collateral: {
    'app.password-off': 'the old password is a wrong one',
    'app.reenable.fresh': 'the former password is a wrong one',
    'app.rotate.new-password': 'the old password is a wrong one',
    'app.rotate.old-dies-at-once': 'the old password is a wrong one',
    'sip.refusal.www-authenticate': 'one of its refusals is for a wrong password',
    'sip.tcp': 'over TCP too',
    'sip.layered.digest-fails': 'its wrong digest is the same wrong digest',
  },
  override: decidedOtherwise((decision) =>
    decision.reason === 'digest-wrong'
      ? { action: 'challenge', stale: false, reason: 'digest-wrong' }
      : decision,
  ),
} satisfies Fault;
