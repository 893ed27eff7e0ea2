import type { SipRequest } from '../../impl/sip/message.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import type { Endpoint, Transport } from '../../impl/sip/transport.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { inOtherTransaction } from '../repeated_request.ts';

/** INVITEs with credentials that came before. */
const known = new Set<string>();

export default {
  id: 'repeated-invite-taken-for-new',
  rule: 'sip.transaction.retransmit',
  sentence: 'An INVITE that comes twice is judged twice, the second time as a replay of its credentials.',
  override: edgeWith({
    TransactionLayer: class extends TransactionLayer {
      override receiveRequest(request: SipRequest, source: Endpoint, transport: Transport): void {
        const hasCredentials = request.method === 'INVITE' && request.proxyAuthorizations.length > 0;
        const isRepeated = hasCredentials && known.has(request.text);
        if (hasCredentials) known.add(request.text);
        super.receiveRequest(isRepeated ? inOtherTransaction(request) : request, source, transport);
      }
    },
  }),
} satisfies Fault;
