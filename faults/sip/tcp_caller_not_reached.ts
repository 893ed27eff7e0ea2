import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'tcp-caller-not-reached',
  rule: 'sip.tcp',
  sentence: 'Requests of the called side do not reach a caller that called over TCP.',
  override: wire({
    sent: (text, { side, protocol }) =>
      side === 'caller' && protocol === 'TCP' && !text.startsWith('SIP/2.0 ') ? undefined : text,
  }),
} satisfies Fault;
