import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** The number of a CSeq that goes beyond 31 bits. */
const LARGE_NUMBER = /^(CSeq: )(?:[3-9]\d{9}|2[2-9]\d{8}|21474836(?:4[89]|[5-9]\d)|\d{11,})(?= )/m;

export default faultsOf('hard.message.ambiguous', [
  {
    id: 'control-characters-ignored',
    sentence: 'A control character in a header value is skipped as if it were not there.',
    collateral: {
      'hard.dialog.invented-tag': 'a header name is then read without its control character too',
      'sip.malformed': 'a torture message with control characters in a value is served',
      'hard.message.bad-via': 'a Via with NUL is then a good one',
    },
    override: wire({
      received(text) {
        const [head = '', ...body] = text.split('\r\n\r\n');
        return [head.replaceAll(/[^\t\r\n -\x7e\x80-\xff]/g, ''), ...body].join('\r\n\r\n');
      },
    }),
  },
  {
    id: 'second-address-ignored',
    sentence: 'Of several addresses in From or To the first one counts.',
    override: wire({
      received: (text) => text.replaceAll(/^((?:From|To): [^\r]*?<[^>]*>[^,\r]*),[^\r]*/gm, '$1'),
    }),
  },
  {
    id: 'large-sequence-number-wrapped',
    sentence: 'A CSeq number from 2^31 counts as another, smaller one.',
    override: wire({ received: (text) => text.replace(LARGE_NUMBER, '$17') }),
  },
]);
