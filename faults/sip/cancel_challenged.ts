import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

const CHALLENGE =
  'Proxy-Authenticate: Digest realm="sip-uri.voice-api.example", nonce="again", qop="auth"\r\nContent-Length:';

export default {
  id: 'cancel-challenged',
  rule: 'sip.ack-cancel.unchallenged',
  sentence: 'CANCEL is challenged like any other request.',
  collateral: { 'sip.cancel': 'the CANCEL is to be answered with 200' },
  override: wire({
    sent: (text, { side }) =>
      side === 'caller' && /^CSeq: \d+ CANCEL\r$/m.test(text)
        ? text
            .replace(/^SIP\/2\.0 .*/, 'SIP/2.0 407 Proxy Authentication Required')
            .replace('Content-Length:', CHALLENGE)
        : text,
  }),
} satisfies Fault;
