import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'record-route-without-lr',
  rule: 'sip.dialog.in-route',
  sentence: 'The Record-Route of the service has no lr, as if it were a strict router.',
  override: wire({
    sent: (text, { side }) =>
      side === 'callFlow' ? text.replace(/^(Record-Route: <[^>]*);lr>/m, '$1>') : text,
  }),
} satisfies Fault;
