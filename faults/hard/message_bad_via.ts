import type { Parts } from '../../impl/system.ts';
import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.message.bad-via', [
  {
    id: 'deaf-after-bracket-in-via',
    sentence: 'After a Via whose host is a lone bracket, its sender is not heard any more.',
    override: deafAfter(/^Via: SIP\/2\.0\/UDP :\]/m),
  },
  {
    id: 'deaf-after-via-without-branch-value',
    sentence: 'After a Via whose branch has no value, its sender is not heard any more.',
    override: deafAfter(/^Via:.*;branch=?(;|\r)/m),
  },
  {
    id: 'unread-via-answered-200',
    sentence: 'An INVITE with a second Via that cannot be read is answered with 200.',
    override: wire({
      sent: (text) => (/^Via: ,/m.test(text) ? text.replace(/^SIP\/2\.0 4.. .*/, 'SIP/2.0 200 OK') : text),
    }),
  },
]);

/** The edge that hears nothing more from the sender of a message with such a line. */
function deafAfter(line: RegExp): Partial<Parts> {
  const unheard = new Set<string>();
  return wire({
    received(text, { address, port }) {
      const sender = `${address}:${port}`;
      if (line.test(text)) unheard.add(sender);
      return unheard.has(sender) ? undefined : text;
    },
  });
}
