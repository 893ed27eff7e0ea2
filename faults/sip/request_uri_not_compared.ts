import { decide } from '../../impl/edge/policy.ts';
import { parseMessage } from '../../impl/sip/parser.ts';
import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'request-uri-not-compared',
  rule: 'sip.identity.request-uri',
  sentence: 'To alone says which application a call is for, whatever the Request-URI names.',
  override: decidedOtherwise((decision, arrival, view, now) => {
    if (decision.reason !== 'identity-mismatch') return decision;
    const { text, headersStart, end, method, to } = arrival.request;
    const startLine = `${method} ${to.uriText} SIP/2.0\r\n`;
    const request = parseMessage(Buffer.from(startLine + text.slice(headersStart, end), 'latin1'));
    return request.kind === 'request' ? decide({ ...arrival, request }, view, now) : decision;
  }),
} satisfies Fault;
