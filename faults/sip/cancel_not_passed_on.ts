import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'cancel-not-passed-on',
  rule: 'sip.cancel',
  sentence: 'CANCEL is answered, and the called side goes on ringing.',
  collateral: { 'sip.ack-cancel.unchallenged': 'it needs a call that can be given up' },
  override: wire({
    sent: (text, { side }) => (side === 'callFlow' && text.startsWith('CANCEL ') ? undefined : text),
  }),
} satisfies Fault;
