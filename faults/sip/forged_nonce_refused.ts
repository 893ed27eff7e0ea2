import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'forged-nonce-refused',
  rule: 'sip.auth.forged-nonce',
  sentence: 'The right answer to a nonce that was never given is refused with 401 instead of challenged.',
  override: decidedOtherwise((decision) =>
    decision.reason === 'nonce-forged' ? { action: 'refuse', status: 401, reason: 'nonce-forged' } : decision,
  ),
} satisfies Fault;
