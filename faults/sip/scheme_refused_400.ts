import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'scheme-refused-400',
  rule: 'sip.malformed',
  sentence: 'A Request-URI of another scheme than SIP is refused with 400 instead of 416.',
  override: wire({
    sent: (text) => text.replace(/^SIP\/2\.0 416 .*/, 'SIP/2.0 400 Bad Request'),
  }),
} satisfies Fault;
