import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'unknown-scheme-taken-for-sip',
  rule: 'sip.malformed',
  sentence: 'A Request-URI of an unknown scheme is read as if it were a SIP URI.',
  override: wire({
    received: (text) => text.replace(/^([A-Z]+ )(?!sips?:)[a-z]+:(\S+ SIP\/2\.0)/i, '$1sip:$2'),
  }),
} satisfies Fault;
