import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'ringing-swallowed',
  rule: 'sip.cancel',
  sentence: 'The caller does not hear that the other side rings.',
  collateral: { 'sip.ack-cancel.unchallenged': 'it gives up a call that rings' },
  override: wire({
    sent: (text, { side }) => (side === 'caller' && text.startsWith('SIP/2.0 180 ') ? undefined : text),
  }),
} satisfies Fault;
