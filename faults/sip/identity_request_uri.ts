import { parseMessage } from '../../impl/sip/parser.ts';
import { decidedIn, decidedOtherwise, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('sip.identity.request-uri', [
  {
    id: 'identity-mismatch-401',
    sentence: 'A call whose Request-URI and To name two applications is refused with 401 instead of 403.',
    collateral: { 'sip.identity.to': 'whichever of the two is the wrong one' },
    override: decidedOtherwise((decision) =>
      decision.reason === 'identity-mismatch'
        ? { action: 'refuse', status: 401, reason: 'identity-mismatch' }
        : decision,
    ),
  },
  {
    id: 'request-uri-without-case',
    sentence: 'The user of the Request-URI is read without regard to case.',
    override: wire({
      received: (text) =>
        text.replace(/^INVITE sip:[^@ ]*@/, (start) => `INVITE ${start.slice(7).toLowerCase()}`),
    }),
  },
  {
    id: 'request-uri-not-compared',
    sentence: 'To alone says which application a call is for, whatever the Request-URI names.',
    override: decidedOtherwise((decision, arrival, view, now) => {
      if (decision.reason !== 'identity-mismatch') return decision;
      const { text, headersStart, end, method, to } = arrival.request;
      const startLine = `${method} ${to.uriText} SIP/2.0\r\n`;
      const request = parseMessage(Buffer.from(startLine + text.slice(headersStart, end), 'latin1'));
      return request.kind === 'request' ? decidedIn(view, { ...arrival, request }, now) : decision;
    }),
  },
]);
