import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

/** Senders of a From or To whose quotation does not end. */
const deafTo = new Set<string>();

export default {
  id: 'deaf-after-an-open-quote',
  rule: 'sip.malformed',
  sentence: 'After a header with a quotation that does not end, its sender is not listened to any more.',
  override: wire({
    received(text, { address, port }) {
      const sender = `${address}:${port}`;
      if (deafTo.has(sender)) return undefined;
      if (/^(?:From|To)[ \t]*:[ \t]*"[^"\r]*\r\n(?![ \t])/im.test(text)) deafTo.add(sender);
      return text;
    },
  }),
} satisfies Fault;
