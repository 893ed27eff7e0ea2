import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'replay-refused',
  rule: 'sip.auth.nonce-replay',
  sentence: 'A nonce-count that comes again is refused with 401 instead of challenged.',
  override: decidedOtherwise((decision) =>
    decision.reason === 'nonce-replayed'
      ? { action: 'refuse', status: 401, reason: 'nonce-replayed' }
      : decision,
  ),
} satisfies Fault;
