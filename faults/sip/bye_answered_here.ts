import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'bye-answered-here',
  rule: 'sip.dialog.in-route',
  sentence: 'A BYE is answered by the service and goes no further.',
  override: decidedOtherwise((decision, { request }) =>
    decision.action === 'relay' && request.method === 'BYE'
      ? { action: 'answer', reason: 'keepalive' }
      : decision,
  ),
} satisfies Fault;
