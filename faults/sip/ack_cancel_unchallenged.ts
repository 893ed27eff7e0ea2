import type { SocketAddress } from '../../impl/net/socket_address.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import { responseTo } from '../../impl/sip/serialiser.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import type { Transport } from '../../impl/sip/transport.ts';
import { viaWithSource } from '../../impl/sip/via.ts';
import { because, EVERY_CALL_SET_UP } from '../collateral.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

const CHALLENGE = 'Digest realm="sip-uri.voice-api.example", nonce="again", qop="auth"';

export default faultsOf('sip.ack-cancel.unchallenged', [
  {
    id: 'ack-challenged',
    sentence: 'An ACK, which carries no credentials, is answered with a challenge.',
    collateral: {
      ...because(
        'each call and each challenge has its ACK',
        EVERY_CALL_SET_UP,
        'sip.ack-cancel.unchallenged',
      ),
      'sip.auth.wrong-password': 'the wrong answer comes after an ACK',
      'sip.identity.auth-user': 'the credentials come after an ACK',
      'sip.layered.digest-fails': 'the wrong answer comes after an ACK',
      'sip.refusal.www-authenticate': 'one of its refusals comes after an ACK',
    },
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        override receiveRequest(request: SipRequest, source: SocketAddress, transport: Transport): void {
          super.receiveRequest(request, source, transport);
          if (request.method !== 'ACK') return;
          const via = viaWithSource(request.via, source.address, source.port);
          const headers = [['Proxy-Authenticate', CHALLENGE]] as const;
          transport.send(responseTo(request, via, { status: 407, toTag: 'again', headers }), source);
        }
      },
    }),
  },
  {
    id: 'cancel-challenged',
    sentence: 'CANCEL is challenged like any other request.',
    collateral: { 'sip.cancel': 'its CANCEL is challenged too' },
    override: wire({
      sent: (text, { side }) =>
        side === 'caller' && /^CSeq: \d+ CANCEL\r$/m.test(text)
          ? text
              .replace(/^SIP\/2\.0 .*/, 'SIP/2.0 407 Proxy Authentication Required')
              .replace('Content-Length:', `Proxy-Authenticate: ${CHALLENGE}\r\nContent-Length:`)
          : text,
    }),
  },
]);
