import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'message-accepted',
  rule: 'sip.methods',
  sentence: 'MESSAGE and SUBSCRIBE are answered with 202, and nothing comes of them.',
  override: wire({
    sent: (text) =>
      /^CSeq: \d+ (MESSAGE|SUBSCRIBE)\r$/m.test(text)
        ? text.replace(/^SIP\/2\.0 405 .*/, 'SIP/2.0 202 Accepted')
        : text,
  }),
} satisfies Fault;
