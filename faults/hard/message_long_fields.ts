import type { Parts } from '../../impl/system.ts';
import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.message.long-fields', [
  {
    id: 'deaf-after-long-tag',
    sentence: 'After a From tag of tens of thousands of octets, its sender is not heard any more.',
    override: deafAfter((text) => /^From:.*;tag=[^;\r]{10000}/m.test(text)),
  },
  {
    id: 'deaf-after-many-fields',
    sentence: 'After a message with thousands of header fields, its sender is not heard any more.',
    override: deafAfter((text) => text.split('\r\n').length > 4_000),
  },
  {
    id: 'empty-to-tag-answered-200',
    sentence: 'An INVITE whose To has an empty tag is answered with 200.',
    override: wire({
      sent: (text) =>
        /^To:[^\r]*;tag=(;|\r)/m.test(text) ? text.replace(/^SIP\/2\.0 4.. .*/, 'SIP/2.0 200 OK') : text,
    }),
  },
]);

/** The edge that hears nothing more from the sender of such a message. */
function deafAfter(isSuch: (text: string) => boolean): Partial<Parts> {
  const unheard = new Set<string>();
  return wire({
    received(text, { address, port }) {
      const sender = `${address}:${port}`;
      if (isSuch(text)) unheard.add(sender);
      return unheard.has(sender) ? undefined : text;
    },
  });
}
