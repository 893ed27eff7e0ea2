import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'content-length-ignored',
  rule: 'sip.malformed',
  sentence: 'The body of a datagram is what is there, whatever Content-Length says.',
  override: wire({
    received: (text, { protocol }) =>
      protocol === 'UDP' ? text.replace(/^(?:Content-Length|l)[ \t]*:.*\r\n/gim, '') : text,
  }),
} satisfies Fault;
