import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'version-refused-400',
  rule: 'sip.malformed',
  sentence: 'A request of another SIP version is refused with 400 instead of 505.',
  override: wire({
    sent: (text) => text.replace(/^SIP\/2\.0 505 .*/, 'SIP/2.0 400 Bad Request'),
  }),
} satisfies Fault;
