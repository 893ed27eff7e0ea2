import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'trying-missing',
  rule: 'sip.transaction.trying',
  sentence: 'The service sends no 100.',
  collateral: { 'sip.transaction.retransmit': 'its INVITE is sent again when the 100 has come' },
  override: wire({
    sent: (text, { side }) => (side === 'caller' && text.startsWith('SIP/2.0 100 ') ? undefined : text),
  }),
} satisfies Fault;
