import { decide } from '../../impl/edge/policy.ts';
import type { Decision } from '../../impl/edge/policy.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import type { Endpoint, Transport } from '../../impl/sip/transport.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { inOtherTransaction } from '../repeated_request.ts';

/** What let in the INVITEs that were delivered. */
const delivered = new Map<string, Decision>();

export default {
  id: 'repeated-invite-delivered-again',
  rule: 'sip.transaction.retransmit',
  sentence: 'An accepted INVITE that comes twice is two calls to the called side.',
  override: edgeWith({
    decide(arrival, view, now) {
      const { text } = arrival.request;
      const decision = delivered.get(text) ?? decide(arrival, view, now);
      if (decision.action === 'deliver') delivered.set(text, { ...decision, nonceUse: undefined });
      return decision;
    },
    TransactionLayer: class extends TransactionLayer {
      override receiveRequest(request: SipRequest, source: Endpoint, transport: Transport): void {
        const isRepeated = request.method === 'INVITE' && delivered.has(request.text);
        super.receiveRequest(isRepeated ? inOtherTransaction(request) : request, source, transport);
      }
    },
  }),
} satisfies Fault;
