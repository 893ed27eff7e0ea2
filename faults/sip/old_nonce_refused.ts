import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'old-nonce-refused',
  rule: 'sip.auth.stale-nonce',
  sentence: 'The right answer to an old nonce is refused with 401 like a wrong password.',
  override: decidedOtherwise((decision) =>
    decision.reason === 'nonce-expired'
      ? { action: 'refuse', status: 401, reason: 'nonce-expired' }
      : decision,
  ),
} satisfies Fault;
