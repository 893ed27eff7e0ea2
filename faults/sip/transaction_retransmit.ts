import type { Decision } from '../../impl/edge/decision.ts';
import { decide } from '../../impl/edge/policy.ts';
import type { SocketAddress } from '../../impl/net/socket_address.ts';
import { SipRequest } from '../../impl/sip/message.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import type { Transport } from '../../impl/sip/transport.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** The 407s that went out. */
const refusalsSent = new Set<string>();

/** The decisions that let INVITEs in, by the INVITE's text. */
const deliveries = new Map<string, Decision>();

/** The texts of INVITEs with credentials that came before. */
const invitesHeard = new Set<string>();

/** Ends the branch of a request that is taken for a new one. */
const AGAIN = '-again';

/** When a branch was first seen, in milliseconds. */
const heard = new Map<string, number>();

/** The branches of INVITEs whose refusal was acknowledged. */
const acknowledged = new Set<string | undefined>();

export default faultsOf('sip.transaction.retransmit', [
  {
    id: 'refusal-not-repeated',
    sentence: 'A 407 that is not acknowledged is not sent again.',
    override: wire({
      sent(text) {
        if (!text.startsWith('SIP/2.0 407 ')) return text;
        if (refusalsSent.has(text)) return undefined;
        refusalsSent.add(text);
        return text;
      },
    }),
  },
  {
    id: 'repeated-invite-delivered-again',
    sentence: 'An accepted INVITE that comes twice is two calls to the called side.',
    override: edgeWith({
      decide(arrival, view, now) {
        const { text } = arrival.request;
        const decision = deliveries.get(text) ?? decide(arrival, view, now);
        if (decision.action === 'deliver') deliveries.set(text, { ...decision, nonceUse: undefined });
        return decision;
      },
      TransactionLayer: class extends TransactionLayer {
        override receiveRequest(request: SipRequest, source: SocketAddress, transport: Transport): void {
          const isRepeated = request.method === 'INVITE' && deliveries.has(request.text);
          super.receiveRequest(isRepeated ? inOtherTransaction(request) : request, source, transport);
        }
      },
    }),
  },
  {
    id: 'repeated-invite-taken-for-new',
    sentence: 'An INVITE that comes twice is judged twice, the second time as a replay of its credentials.',
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        override receiveRequest(request: SipRequest, source: SocketAddress, transport: Transport): void {
          const hasCredentials = request.method === 'INVITE' && request.proxyAuthorizations.length > 0;
          const isRepeated = hasCredentials && invitesHeard.has(request.text);
          if (hasCredentials) invitesHeard.add(request.text);
          super.receiveRequest(isRepeated ? inOtherTransaction(request) : request, source, transport);
        }
      },
    }),
  },
  {
    id: 'refused-invite-forgotten-after-ack',
    sentence:
      'The transaction of a refused INVITE ends with the ACK: an INVITE that comes again is judged anew.',
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        override receiveRequest(request: SipRequest, source: SocketAddress, transport: Transport): void {
          const { method, via } = request;
          const isForgotten = method === 'INVITE' && acknowledged.has(via.branch);
          if (method === 'ACK') acknowledged.add(via.branch);
          super.receiveRequest(isForgotten ? inOtherTransaction(request) : request, source, transport);
        }

        override isMerged(...how: Parameters<TransactionLayer['isMerged']>): boolean {
          const [, { via }] = how;
          return via.branch?.endsWith(AGAIN) !== true && super.isMerged(...how);
        }
      },
    }),
  },
  {
    id: 'request-forgotten-after-five-seconds',
    sentence: 'A request of a call that comes again after five seconds is taken for a new one.',
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        override receiveRequest(request: SipRequest, source: SocketAddress, transport: Transport): void {
          const { branch = '' } = request.via;
          const now = performance.now();
          const first = heard.get(branch) ?? now;
          heard.set(branch, first);
          const isForgotten = !['INVITE', 'ACK'].includes(request.method) && now - first > 5_000;
          super.receiveRequest(isForgotten ? inOtherTransaction(request) : request, source, transport);
        }
      },
    }),
  },
]);

/** The request as if in a transaction of its own; answers to it still match the sender's transaction. */
function inOtherTransaction(request: SipRequest): SipRequest {
  const { method, uriText, from, to, callId, cseq, maxForwards } = request;
  const via = { ...request.via, branch: `${request.via.branch}${AGAIN}` };
  return new SipRequest(request, method, uriText, { via, from, to, callId, cseq }, maxForwards);
}
