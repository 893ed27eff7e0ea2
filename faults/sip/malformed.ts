import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** Senders of a From or To whose quotation does not end. */
const deafTo = new Set<string>();

const ONLY_ONCE = /^(Call-ID|CSeq|From|Max-Forwards|To|Content-Length)[ \t]*:.*\r\n(?:[ \t].*\r\n)*/gim;

export default faultsOf('sip.malformed', [
  {
    id: 'content-length-ignored',
    sentence: 'The body of a datagram is what is there, whatever Content-Length says.',
    override: wire({
      received: (text, { protocol }) =>
        protocol === 'UDP' ? text.replace(/^(?:Content-Length|l)[ \t]*:.*\r\n/gim, '') : text,
    }),
  },
  {
    id: 'deaf-after-an-open-quote',
    sentence: 'After a From or To whose quotation does not end, its sender is ignored.',
    override: wire({
      received(text, { address, port }) {
        const sender = `${address}:${port}`;
        if (deafTo.has(sender)) return undefined;
        if (/^(?:From|To)[ \t]*:[ \t]*"[^"\r]*\r\n(?![ \t])/im.test(text)) deafTo.add(sender);
        return text;
      },
    }),
  },
  {
    id: 'malformed-request-ignored',
    sentence: 'A malformed request gets no answer.',
    override: wire({
      sent: (text) => (text.startsWith('SIP/2.0 400 ') ? undefined : text),
    }),
  },
  {
    id: 'odd-response-answered',
    sentence: 'A response whose status has more than three digits is taken for a request and refused.',
    override: wire({
      received: (text) => text.replace(/^SIP\/2\.0 \d{4,} .*/, 'RESPONSE sip:nobody SIP/2.0'),
    }),
  },
  {
    id: 'proxy-require-ignored',
    sentence: 'A request that demands an extension of the proxy is handled as if it did not.',
    override: wire({
      received: (text) => text.replace(/^Proxy-Require:.*\r\n/im, ''),
    }),
  },
  {
    id: 'repeated-header-tolerated',
    sentence:
      'If a header that may stand only once is repeated, the first is read and the others are ignored.',
    override: wire({
      received(text) {
        const seen = new Set<string>();
        return text.replace(ONLY_ONCE, (line, name: string) => {
          const isFirst = !seen.has(name.toLowerCase());
          seen.add(name.toLowerCase());
          return isFirst ? line : '';
        });
      },
    }),
  },
  {
    id: 'scheme-refused-400',
    sentence: 'A Request-URI of another scheme than SIP is refused with 400 instead of 416.',
    override: wire({
      sent: (text) => text.replace(/^SIP\/2\.0 416 .*/, 'SIP/2.0 400 Bad Request'),
    }),
  },
  {
    id: 'unknown-scheme-taken-for-sip',
    sentence: 'A Request-URI of an unknown scheme is read as if it were a SIP URI.',
    override: wire({
      received: (text) => text.replace(/^([A-Z]+ )(?!sips?:)[a-z]+:(\S+ SIP\/2\.0)/i, '$1sip:$2'),
    }),
  },
  {
    id: 'version-refused-400',
    sentence: 'A request of another SIP version is refused with 400 instead of 505.',
    override: wire({
      sent: (text) => text.replace(/^SIP\/2\.0 505 .*/, 'SIP/2.0 400 Bad Request'),
    }),
  },
  {
    id: 'unsupported-not-named',
    sentence: 'A 420 does not say which extension is not supported.',
    override: wire({
      sent: (text) => (text.startsWith('SIP/2.0 420 ') ? text.replace(/^Unsupported:.*\r\n/im, '') : text),
    }),
  },
]);
