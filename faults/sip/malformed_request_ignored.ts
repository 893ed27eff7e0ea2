import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'malformed-request-ignored',
  rule: 'sip.malformed',
  sentence: 'A malformed request gets no answer.',
  override: wire({
    sent: (text) => (text.startsWith('SIP/2.0 400 ') ? undefined : text),
  }),
} satisfies Fault;
