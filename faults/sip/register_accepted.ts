import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'register-accepted',
  rule: 'sip.methods',
  sentence: 'REGISTER is answered with 200, as if there were a registrar.',
  collateral: { 'sip.malformed': 'several of its messages are REGISTER' },
  override: wire({
    sent: (text) =>
      /^CSeq:\s*\d+\s+REGISTER\r$/im.test(text) ? text.replace(/^SIP\/2\.0 405 .*/, 'SIP/2.0 200 OK') : text,
  }),
} satisfies Fault;
