import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'auth-user-mismatch-401',
  rule: 'sip.identity.auth-user',
  sentence: 'Another authentication user is refused with 401 instead of 403.',
  override: decidedOtherwise((decision) =>
    decision.reason === 'auth-user-mismatch'
      ? { action: 'refuse', status: 401, reason: 'auth-user-mismatch' }
      : decision,
  ),
} satisfies Fault;
