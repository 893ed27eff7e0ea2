import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'request-terminated-lost',
  rule: 'sip.cancel',
  sentence: 'The INVITE of a call that was given up never gets its 487.',
  collateral: { 'sip.ack-cancel.unchallenged': 'it needs a call that can be given up' },
  override: wire({
    sent: (text, { side }) => (side === 'caller' && text.startsWith('SIP/2.0 487 ') ? undefined : text),
  }),
} satisfies Fault;
