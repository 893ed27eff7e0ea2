import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('sip.hops', [
  {
    id: 'hops-exhausted-408',
    sentence: 'A request with Max-Forwards 0 is answered with 408 instead of 483.',
    collateral: {
      'sip.malformed': 'the message zeromf has Max-Forwards 0',
    },
    override: wire({
      sent: (text) => text.replace(/^SIP\/2\.0 483 Too Many Hops/, 'SIP/2.0 408 Request Timeout'),
    }),
  },
  {
    id: 'last-hop-let-through',
    sentence: 'An INVITE with Max-Forwards 0 is treated as if it had one hop left.',
    override: wire({
      received: (text) =>
        text.startsWith('INVITE ') ? text.replace(/^Max-Forwards: 0\r$/im, 'Max-Forwards: 1\r') : text,
    }),
  },
]);
