import { SipRequest } from '../impl/sip/message.ts';

/** The request as if it had come in a transaction of its own; what is answered to it still fits the sender's. */
export function inOtherTransaction(request: SipRequest): SipRequest {
  const { method, uriText, from, to, callId, cseq, maxForwards } = request;
  const via = { ...request.via, branch: `${request.via.branch}-again` };
  return new SipRequest(request, method, uriText, { via, from, to, callId, cseq }, maxForwards);
}
