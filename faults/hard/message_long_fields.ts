import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** Senders that are not heard any more. */
const unheard = new Set<string>();

export default faultsOf('hard.message.long-fields', [
  {
    id: 'deaf-after-many-fields',
    sentence: 'After a message with thousands of header fields, its sender is not heard any more.',
    override: wire({
      received(text, { address, port }) {
        const sender = `${address}:${port}`;
        if (text.split('\r\n').length > 4_000) unheard.add(sender);
        return unheard.has(sender) ? undefined : text;
      },
    }),
  },
  {
    id: 'empty-to-tag-answered-200',
    sentence: 'An INVITE whose To has an empty tag is answered with 200.',
    override: wire({
      sent: (text) =>
        /^To:[^\r]*;tag=(;|\r)/m.test(text) ? text.replace(/^SIP\/2\.0 4.. .*/, 'SIP/2.0 200 OK') : text,
    }),
  },
  {
    id: 'process-ends-at-long-tag',
    sentence: 'A From tag of tens of thousands of octets ends the process.',
    override: wire({
      received(text) {
        if (/^From:.*;tag=[^;\r]{10000}/m.test(text)) process.exit(1);
        return text;
      },
    }),
  },
]);
