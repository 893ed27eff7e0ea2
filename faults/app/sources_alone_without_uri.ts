import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default {
  id: 'sources-alone-without-uri',
  rule: 'app.enable.ip-only',
  sentence: 'The answer to a PATCH of an application without a password shows no SIP URI.',
  collateral: {
    'app.uri.format': 'no SIP URI is not of the form',
    'app.reenable.fresh': 'enabled once more with source addresses it shows none either',
  },
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    return request.method === 'PATCH' && data?.['passwordAuthEnabled'] === false
      ? changed(body, { data: changed(data, { sipUri: null }) })
      : body;
  }),
} satisfies Fault;
