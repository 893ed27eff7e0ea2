import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'stale-not-said',
  rule: 'sip.auth.stale-nonce',
  sentence: 'The challenge after an old nonce does not say that the nonce was stale.',
  override: decidedOtherwise((decision) =>
    decision.action === 'challenge' && decision.reason === 'nonce-expired'
      ? { ...decision, stale: false }
      : decision,
  ),
} satisfies Fault;
