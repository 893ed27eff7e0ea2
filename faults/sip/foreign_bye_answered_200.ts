import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'foreign-bye-answered-200',
  rule: 'sip.dialog.in-route',
  sentence: 'A BYE of a dialog that does not exist is answered with 200.',
  override: decidedOtherwise((decision, { request }) =>
    decision.reason === 'no-such-dialog' && request.method === 'BYE'
      ? { action: 'answer', reason: 'keepalive' }
      : decision,
  ),
} satisfies Fault;
