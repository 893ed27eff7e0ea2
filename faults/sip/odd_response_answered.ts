import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'odd-response-answered',
  rule: 'sip.malformed',
  sentence: 'A response whose status has more than three digits is taken for a request and refused.',
  override: wire({
    received: (text) => text.replace(/^SIP\/2\.0 \d{4,} .*/, 'RESPONSE sip:nobody SIP/2.0'),
  }),
} satisfies Fault;
