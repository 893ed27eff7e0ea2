import { listen } from '../../impl/sip/listener.ts';
import type { Parts } from '../../impl/system.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

const LARGE_OCTETS = 10_000;
/** As long as the transaction of a request that nobody acknowledges. */
const KEPT_MS = 32_000;

const HOUR_MS = 3_600_000;
const WITHOUT_LIMITS = {
  connections: Infinity,
  connectionsPerAddress: Infinity,
  strangerHeldOctets: Infinity,
  heldOctets: Infinity,
  firstMessageMs: HOUR_MS,
  messageMs: HOUR_MS,
};

export default faultsOf('hard.flood.memory', [
  {
    id: 'texts-kept',
    sentence: 'The text of every request is kept for as long as its transaction may last.',
    override: kept(() => true, 1),
  },
  {
    id: 'registers-kept',
    sentence: 'Four copies of a REGISTER are kept for half a minute, although nobody can register.',
    override: kept((text) => text.startsWith('REGISTER '), 4),
  },
  {
    id: 'begun-messages-without-limit',
    sentence:
      'A message over TCP that is not finished is waited for, for an hour, however many there are and whatever memory they take.',
    override: edgeWith({
      listen: (binding, user, wheel) => listen({ ...binding, limits: WITHOUT_LIMITS }, user, wheel),
    }),
  },
  {
    id: 'flooded-application-refused',
    sentence: 'While large requests name an application, its calls get 403.',
    override: refusedBesideLargeRequests(),
  },
]);

/** The edge that keeps so many copies of such requests. */
function kept(isSuch: (text: string) => boolean, copies: number): Partial<Parts> {
  const requests: { readonly octets: Buffer; readonly until: number }[] = [];
  return wire({
    received(text) {
      const now = performance.now();
      while (requests[0] !== undefined && requests[0].until < now) requests.shift();
      if (isSuch(text))
        requests.push({ octets: Buffer.from(text.repeat(copies), 'latin1'), until: now + KEPT_MS });
      return text;
    },
  });
}

function refusedBesideLargeRequests(): Partial<Parts> {
  const until = new Map<string, number>();
  return decidedOtherwise((decision, { request: { uriText, start, end } }) => {
    const now = performance.now();
    if (end - start > LARGE_OCTETS) until.set(uriText, now + 1000);
    if (decision.action !== 'deliver' || now > (until.get(uriText) ?? 0)) return decision;
    return { action: 'refuse', status: 403, reason: 'looped' };
  });
}
