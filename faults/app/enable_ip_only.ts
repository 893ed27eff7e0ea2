import { faultsOf, patchedOtherwise } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default faultsOf('app.enable.ip-only', [
  {
    id: 'password-shown-with-sources-alone',
    sentence: 'Enabling with source addresses alone is answered with a password, which is good for nothing.',
    collateral: {
      'app.reenable.fresh': 'it enables once more, with source addresses alone',
    },
    override: patchedOtherwise((outcome, { current, context }) =>
      current.inbound === null && outcome.next?.inbound?.credential === null
        ? { ...outcome, oneTimePassword: context.newPassword() }
        : outcome,
    ),
  },
  {
    id: 'sources-alone-without-uri',
    sentence: 'The answer to a PATCH of an application without a password shows no SIP URI.',
    collateral: {
      'app.uri.format': 'it expects a SIP URI in such an answer',
      'app.reenable.fresh': 'enabled once more with source addresses it shows none either',
    },
    override: answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      return request.method === 'PATCH' && data?.['passwordAuthEnabled'] === false
        ? changed(body, { data: changed(data, { sipUri: null }) })
        : body;
    }),
  },
]);
