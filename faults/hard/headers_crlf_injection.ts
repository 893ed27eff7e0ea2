import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.headers.crlf-injection', [
  {
    id: 'bare-carriage-return-completed',
    sentence: 'A CR alone is taken for the end of a line, and passed on as CR LF.',
    override: wire({ received: (text) => text.replace(/\r(?!\n)(?=Injected)/g, '\r\n') }),
  },
  {
    id: 'bare-line-feed-completed',
    sentence: 'A LF alone is taken for the end of a line, and passed on as CR LF.',
    override: wire({ received: (text) => text.replace(/(?<!\r)\n/g, '\r\n') }),
  },
  {
    id: 'escapes-resolved-in-answers',
    sentence: 'An answer repeats From and To with their escapes resolved.',
    override: wire({
      sent: (text, { side }) =>
        side === 'caller' && text.startsWith('SIP/2.0 ') ? text.replace(/%0d%0a/gi, '\r\n') : text,
    }),
  },
  {
    id: 'escapes-resolved-downstream',
    sentence: 'URIs are passed on with their escapes resolved.',
    override: wire({
      sent: (text, { side }) => (side === 'platform' ? text.replace(/%0d%0a/gi, '\r\n') : text),
    }),
  },
]);
