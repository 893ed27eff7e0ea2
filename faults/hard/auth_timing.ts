import type { Arrival } from '../../impl/edge/decision.ts';
import { checkableCredentials, digestResponse } from '../../impl/sip/digest.ts';
import type { Parts } from '../../impl/system.ts';
import { busyFor } from '../busy.ts';
import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('hard.auth.timing', [
  {
    id: 'digest-compared-digit-by-digit',
    sentence:
      'A digest is compared digit by digit up to the first wrong one, at a tenth of a millisecond each.',
    override: refusedAfter((rightDigits) => rightDigits / 10),
  },
  {
    id: 'digest-half-right-checked-again',
    sentence: 'A digest whose first half is right is looked at for two milliseconds more.',
    override: refusedAfter((rightDigits) => (rightDigits >= 16 ? 2 : 0)),
  },
]);

/** The edge that takes so many milliseconds more to refuse a digest with so many right digits at its beginning. */
function refusedAfter(milliseconds: (rightDigits: number) => number): Partial<Parts> {
  return decidedOtherwise((decision, arrival) => {
    if (decision.reason === 'digest-wrong') busyFor(milliseconds(rightDigitsIn(arrival)));
    return decision;
  });
}

function rightDigitsIn({ request, records }: Arrival): number {
  const sent = request.proxyAuthorizations[0]?.credentials;
  const credentials = sent && checkableCredentials(sent);
  const known = records.requestUri.application?.credential;
  if (!credentials || !known) return 0;
  const isId = credentials.username === records.requestUri.application?.applicationId;
  const ha1 = (isId ? known.applicationId : known.uriUser)[credentials.algorithm];
  const right = digestResponse(credentials, request.method, ha1);
  let digits = 0;
  while (digits < right.length && right[digits] === credentials.response[digits]) digits++;
  return digits;
}
