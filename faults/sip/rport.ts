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
]);
