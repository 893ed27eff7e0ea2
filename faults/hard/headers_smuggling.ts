import type { HeaderField, SipRequest } from '../../impl/sip/message.ts';
import type { Parts } from '../../impl/system.ts';
import { faultsOf, forwardedOtherwise } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.headers.smuggling', [
  {
    id: 'control-character-in-name-unread',
    sentence: 'A header line whose name holds a control character is passed on unread.',
    override: wire({
      received: (text) => text.replace(/^X-A\v:/m, 'Unread:'),
      sent: (text) => text.replace(/^Unread:/m, 'X-A\v:'),
    }),
  },
  {
    id: 'vendor-header-behind-folded-kept',
    sentence: 'A vendor header behind a folded line is taken for a part of that line.',
    override: missed(({ start }, { text }) => /\r\n[ \t][^\r\n]*\r\n$/.test(text.slice(0, start))),
  },
  {
    id: 'vendor-header-first-kept',
    sentence: 'A vendor header directly after the start line is not looked at.',
    override: missed(({ start }, { text }) => !text.slice(0, start - 2).includes('\r\n')),
  },
  {
    id: 'vendor-header-without-name-kept',
    sentence: 'A header whose whole name is X- counts as no vendor header.',
    override: missed(({ key }) => key === 'x-'),
  },
]);

/** The edge that keeps a vendor header if `isMissed` says so. */
function missed(isMissed: (field: HeaderField, request: SipRequest) => boolean): Partial<Parts> {
  return forwardedOtherwise((forwarding, request) => ({
    drops: (field) => forwarding.drops(field) && !(field.key.startsWith('x-') && isMissed(field, request)),
  }));
}
