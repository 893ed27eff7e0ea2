import type { Arrival } from '../../impl/edge/decision.ts';
import { parseMessage } from '../../impl/sip/parser.ts';
import type { Parts } from '../../impl/system.ts';
import { decidedIn, decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.identity.to', [
  {
    id: 'to-not-compared',
    sentence: 'The Request-URI alone says which application a call is for, whatever To names.',
    override: toBelieved(() => true),
  },
  {
    id: 'to-without-brackets-not-compared',
    sentence: 'A To without angle brackets is not compared with the Request-URI.',
    override: toBelieved(({ request }) => request.value('to')?.includes('<') === false),
  },
  {
    id: 'to-compared-without-case',
    sentence: 'The user of To is compared without regard to case.',
    override: toBelieved(
      ({ request: { to, uriText } }) => to.uriText.toLowerCase() === uriText.toLowerCase(),
    ),
  },
  {
    id: 'to-of-nobody-not-compared',
    sentence: 'A To that names nobody is not compared with the Request-URI.',
    override: toBelieved(({ records }) => records.to.application === undefined),
  },
]);

/** The edge that takes To for what the Request-URI says, if the call is such. */
function toBelieved(holds: (arrival: Arrival) => boolean): Partial<Parts> {
  return decidedOtherwise((decision, arrival, view, now) => {
    const to = arrival.request.field('to');
    if (decision.reason !== 'identity-mismatch' || to === undefined || !holds(arrival)) return decision;
    const { text, start, end, uriText } = arrival.request;
    const same = `${text.slice(start, to.start)}To: <${uriText}>\r\n${text.slice(to.end, end)}`;
    const request = parseMessage(Buffer.from(same, 'latin1'));
    return request.kind === 'request' ? decidedIn(view, { ...arrival, request }, now) : decision;
  });
}
