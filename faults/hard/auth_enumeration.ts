import { busyFor } from '../busy.ts';
import { decidedOtherwise, faultsOf, storeWith } from '../fault.ts';

export default faultsOf('hard.auth.enumeration', [
  {
    id: 'known-client-looked-at-longer',
    sentence:
      'A wrong secret of a client that exists takes many times as long to refuse as an unknown client.',
    override: storeWith(({ clients }) => ({
      clients: {
        ...clients,
        get: async (clientId) => {
          const client = await clients.get(clientId);
          return client && { ...client, secrets: Array.from({ length: 16 }, () => client.secrets).flat() };
        },
      },
    })),
  },
  {
    id: 'known-name-looked-at-longer',
    sentence:
      'A name in the credentials that some other application has takes ten milliseconds more to refuse.',
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const { username = '' } = request.proxyAuthorizations[0]?.credentials ?? {};
      const isKnown = directory.find(username) !== undefined;
      if (decision.reason === 'auth-user-mismatch' && isKnown) busyFor(10);
      return decision;
    }),
  },
  {
    id: 'missing-application-403',
    sentence:
      'A call of an application that nobody has is refused with 403, one of a disabled application with 401.',
    collateral: {
      'sip.unknown-application': 'it compares the same two refusals',
      'app.disable.kills-credential': 'a former SIP URI is one that nobody has any more',
      'app.reenable.fresh': 'a former SIP URI is one that nobody has any more',
    },
    override: decidedOtherwise((decision, { records }) =>
      decision.reason === 'no-such-application-or-disabled' && records.requestUri.application === undefined
        ? { action: 'refuse', status: 403, reason: decision.reason }
        : decision,
    ),
  },
  {
    id: 'wrong-password-refused-late',
    sentence: 'A wrong password takes ten milliseconds more to refuse than an application that nobody has.',
    override: decidedOtherwise((decision) => {
      if (decision.reason === 'digest-wrong') busyFor(10);
      return decision;
    }),
  },
]);
