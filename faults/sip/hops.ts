import { decidedOtherwise, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

const LAST_HOP = /^Max-Forwards: 0\r$/im;

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
  {
    id: 'last-hop-let-through-with-credentials',
    sentence: 'An INVITE with Max-Forwards 0 is let through if it has credentials.',
    override: wire({
      received: (text) =>
        /^Proxy-Authorization:/im.test(text) ? text.replace(LAST_HOP, 'Max-Forwards: 1\r') : text,
    }),
  },
  {
    id: 'last-hop-let-through-in-a-call',
    sentence: 'In a call, Max-Forwards is not looked at.',
    override: wire({
      received: (text) =>
        /^To:.*;tag=/im.test(text) && !text.startsWith('SIP/2.0')
          ? text.replace(LAST_HOP, 'Max-Forwards: 1\r')
          : text,
    }),
  },
  {
    id: 'last-hop-of-options-refused',
    sentence: 'OPTIONS with Max-Forwards 0 is refused with 403.',
    collateral: { 'sip.malformed': 'the message zeromf is an OPTIONS' },
    override: decidedOtherwise((decision, { request }) =>
      decision.reason === 'hops-exhausted' && request.method === 'OPTIONS'
        ? { action: 'refuse', status: 403, reason: 'hops-exhausted' }
        : decision,
    ),
  },
  {
    id: 'max-forwards-known-by-one-spelling',
    sentence: 'Max-Forwards counts only where its name is written in this very way.',
    override: wire({
      received: (text) => text.replace(/^(?!Max-Forwards:)max-forwards[ \t]*:.*\r$/im, 'Max-Forwards: 70\r'),
    }),
  },
]);
