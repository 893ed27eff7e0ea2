import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'rport-not-told',
  rule: 'sip.rport',
  sentence: 'The Via of an answer does not say from which port the request came.',
  override: wire({
    sent: (text, { side }) => (side === 'caller' ? text.replace(/^(Via:.*?);rport=\d+/m, '$1') : text),
  }),
} satisfies Fault;
