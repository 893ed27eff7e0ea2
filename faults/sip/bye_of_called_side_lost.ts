import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'bye-of-called-side-lost',
  rule: 'sip.dialog.in-route',
  sentence: 'The BYE of the called side does not reach the caller.',
  collateral: { 'sip.tcp': 'the called side hangs up there too' },
  override: wire({
    sent: (text, { side }) => (side === 'caller' && text.startsWith('BYE ') ? undefined : text),
  }),
} satisfies Fault;
