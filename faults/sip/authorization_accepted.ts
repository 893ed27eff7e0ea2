import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'authorization-accepted',
  rule: 'sip.refusal.www-authenticate',
  sentence:
    'Authorization is taken like Proxy-Authorization, so that a 401 can be answered like a challenge.',
  override: wire({
    received: (text, { side }) =>
      side === 'caller' && text.startsWith('INVITE ')
        ? text.replace(/^Authorization:/im, 'Proxy-Authorization:')
        : text,
  }),
} satisfies Fault;
