import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** The 100s that were due. */
const due = new Set<string>();

export default faultsOf('sip.transaction.trying', [
  {
    id: 'trying-missing',
    sentence: 'The service sends no 100.',
    collateral: { 'sip.transaction.retransmit': 'its INVITE is sent again when the 100 has come' },
    override: wire({
      sent: (text, { side }) => (side === 'caller' && text.startsWith('SIP/2.0 100 ') ? undefined : text),
    }),
  },
  {
    id: 'trying-on-the-second-try',
    sentence: 'The 100 goes out when the INVITE comes again, half a second late.',
    collateral: { 'sip.transaction.retransmit': 'its INVITE is sent again when the 100 has come' },
    override: wire({
      sent(text, { side }) {
        if (side !== 'caller' || !text.startsWith('SIP/2.0 100 ') || due.has(text)) return text;
        due.add(text);
        return undefined;
      },
    }),
  },
]);
