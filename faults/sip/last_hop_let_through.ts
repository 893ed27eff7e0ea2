import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'last-hop-let-through',
  rule: 'sip.hops',
  sentence: 'An INVITE with Max-Forwards 0 is treated as if it had one hop left.',
  collateral: { 'sip.hops.before-auth': 'its INVITE has Max-Forwards 0 and no credentials' },
  override: wire({
    received: (text) =>
      text.startsWith('INVITE ') ? text.replace(/^Max-Forwards: 0\r$/im, 'Max-Forwards: 1\r') : text,
  }),
} satisfies Fault;
