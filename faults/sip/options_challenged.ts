import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'options-challenged',
  rule: 'sip.options.keepalive',
  sentence: 'OPTIONS is challenged like a call.',
  collateral: {
    'sip.malformed': 'whether the service is alive is asked with OPTIONS',
    'sip.tcp': 'over TCP too',
  },
  override: decidedOtherwise((decision) =>
    decision.reason === 'keepalive'
      ? { action: 'challenge', stale: false, reason: 'no-credentials' }
      : decision,
  ),
} satisfies Fault;
