import type { SipRequest } from '../../impl/sip/message.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import type { Endpoint, Transport } from '../../impl/sip/transport.ts';
import { DEFAULT_PORT } from '../../impl/sip/via.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'answer-to-via',
  rule: 'sip.rport',
  sentence: 'Answers go to the address and port that the Via names, not to where the packet came from.',
  override: edgeWith({
    TransactionLayer: class extends TransactionLayer {
      override receiveRequest(request: SipRequest, source: Endpoint, transport: Transport): void {
        const { host, port = DEFAULT_PORT, rport } = request.via;
        const isNamed = rport && !transport.reliable && /^[\d.]+$/.test(host);
        super.receiveRequest(request, isNamed ? { address: host, port } : source, transport);
      }
    },
  }),
} satisfies Fault;
