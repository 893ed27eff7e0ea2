import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

const UNKNOWN = /^[\w-]*Unknown[\w-]*:.*\r\n/gm;

export default {
  id: 'unknown-headers-last',
  rule: 'sip.headers.standard-kept',
  sentence: 'Headers whose name the service does not know are put after all others.',
  override: wire({
    sent(text, { side }) {
      if (side !== 'callFlow' || !text.startsWith('INVITE ')) return text;
      const unknown = text.match(UNKNOWN) ?? [];
      const rest = text.replace(UNKNOWN, '');
      const end = rest.indexOf('\r\n\r\n') + 2;
      return rest.slice(0, end) + unknown.join('') + rest.slice(end);
    },
  }),
} satisfies Fault;
