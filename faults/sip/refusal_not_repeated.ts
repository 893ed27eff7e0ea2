import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

/** The 407s that went out. */
const gone = new Set<string>();

export default {
  id: 'refusal-not-repeated',
  rule: 'sip.transaction.retransmit',
  sentence: 'A 407 that is not acknowledged is not sent again.',
  override: wire({
    sent(text) {
      if (!text.startsWith('SIP/2.0 407 ')) return text;
      if (gone.has(text)) return undefined;
      gone.add(text);
      return text;
    },
  }),
} satisfies Fault;
