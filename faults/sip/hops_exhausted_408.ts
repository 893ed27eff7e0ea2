import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'hops-exhausted-408',
  rule: 'sip.hops',
  sentence: 'A request with Max-Forwards 0 is answered with 408 instead of 483.',
  collateral: {
    'sip.hops.before-auth': 'its INVITE has Max-Forwards 0',
    'sip.malformed': 'the message zeromf has Max-Forwards 0',
  },
  override: wire({
    sent: (text) => text.replace(/^SIP\/2\.0 483 Too Many Hops/, 'SIP/2.0 408 Request Timeout'),
  }),
} satisfies Fault;
