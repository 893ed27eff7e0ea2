import type { SocketAddress } from '../../impl/net/socket_address.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import type { Transport } from '../../impl/sip/transport.ts';
import { DEFAULT_PORT } from '../../impl/sip/via.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('sip.rport', [
  {
    id: 'answer-to-via',
    sentence: 'Answers go to the address and port that the Via names, not to where the packet came from.',
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        override receiveRequest(request: SipRequest, source: SocketAddress, transport: Transport): void {
          const { host, port = DEFAULT_PORT, rport } = request.via;
          const isNamed = rport && !transport.reliable && /^[\d.]+$/.test(host);
          super.receiveRequest(request, isNamed ? { address: host, port } : source, transport);
        }
      },
    }),
  },
  {
    id: 'received-not-told',
    sentence: 'The Via of an answer does not say from which address the request came.',
    override: wire({
      sent: (text, { side }) =>
        side === 'caller' ? text.replace(/^(Via:.*?);received=[\d.]+/m, '$1') : text,
    }),
  },
  {
    id: 'rport-not-told',
    sentence: 'The Via of an answer does not say from which port the request came.',
    override: wire({
      sent: (text, { side }) => (side === 'caller' ? text.replace(/^(Via:.*?);rport=\d+/m, '$1') : text),
    }),
  },
  {
    id: 'received-only-where-it-differs',
    sentence:
      'The Via of an answer says the address that the request came from only if it named another one.',
    override: wire({
      sent: (text, { side, address }) =>
        side === 'caller'
          ? text.replace(new RegExp(`^(Via: \\S+ ${address}\\b.*?);received=[\\d.]+`, 'm'), '$1')
          : text,
    }),
  },
  {
    id: 'rport-told-of-invites-only',
    sentence: 'Only answers to INVITE say from which port the request came.',
    override: wire({
      sent: (text, { side }) =>
        side === 'caller' && !/^CSeq: \d+ INVITE\r$/m.test(text)
          ? text.replace(/^(Via:.*?);rport=\d+/m, '$1')
          : text,
    }),
  },
  {
    id: 'rport-not-told-when-malformed',
    sentence: 'The answer to a malformed request does not say where the request came from.',
    override: wire({
      sent: (text) =>
        text.startsWith('SIP/2.0 400 ') ? text.replace(/^(Via:.*?);received=[\d.]+;rport=\d+/m, '$1') : text,
    }),
  },
  {
    id: 'source-not-told-by-the-called-side',
    sentence: "An answer of the called side does not say where the caller's request came from.",
    override: wire({
      sent: (text, { side }) =>
        side === 'caller' && /^To:.*-platform\r$/m.test(text)
          ? text.replace(/^(Via:.*?);received=[\d.]+;rport=\d+/m, '$1')
          : text,
    }),
  },
]);
