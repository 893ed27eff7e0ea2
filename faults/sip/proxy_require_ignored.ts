import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

export default {
  id: 'proxy-require-ignored',
  rule: 'sip.malformed',
  sentence: 'A request that demands an extension of the proxy is handled as if it did not.',
  override: wire({
    received: (text) => text.replace(/^Proxy-Require:.*\r\n/im, ''),
  }),
} satisfies Fault;
