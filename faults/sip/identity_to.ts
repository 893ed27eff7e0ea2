import { parseMessage } from '../../impl/sip/parser.ts';
import { decidedIn, decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.identity.to', [
  {
    id: 'to-not-compared',
    sentence: 'The Request-URI alone says which application a call is for, whatever To names.',
    override: decidedOtherwise((decision, arrival, view, now) => {
      const to = arrival.request.field('to');
      if (decision.reason !== 'identity-mismatch' || to === undefined) return decision;
      const { text, start, end, uriText } = arrival.request;
      const same = `${text.slice(start, to.start)}To: <${uriText}>\r\n${text.slice(to.end, end)}`;
      const request = parseMessage(Buffer.from(same, 'latin1'));
      return request.kind === 'request' ? decidedIn(view, { ...arrival, request }, now) : decision;
    }),
  },
]);
