import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'reinvite-challenged',
  rule: 'sip.dialog.in-route',
  sentence: 'A re-INVITE is challenged like a new call, also that of the called side, which has no password.',
  override: decidedOtherwise((decision, { request }) =>
    decision.action === 'relay' && request.method === 'INVITE'
      ? { action: 'challenge', stale: false, reason: 'no-credentials' }
      : decision,
  ),
} satisfies Fault;
