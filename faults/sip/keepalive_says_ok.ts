import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'keepalive-says-ok',
  rule: 'sip.options.keepalive',
  sentence: 'OPTIONS is answered with 200 OK instead of 200 Keepalive.',
  collateral: { 'sip.tcp': 'over TCP too' },
  override: wire({ sent: (text) => text.replace(/^SIP\/2\.0 200 Keepalive\r\n/, 'SIP/2.0 200 OK\r\n') }),
} satisfies Fault;
