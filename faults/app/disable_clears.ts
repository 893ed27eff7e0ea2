import { faultsOf } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';
import { lastValueShown } from '../stale_reading.ts';

/** The SIP URIs that were shown last, by applicationId. */
const lastUris = new Map<unknown, string>();

export default faultsOf('app.disable.clears', [
  {
    id: 'disabled-shows-password-auth',
    sentence: 'A disabled application still shows passwordAuthEnabled true.',
    override: lastValueShown('passwordAuthEnabled'),
  },
  {
    id: 'disabled-shows-regions',
    sentence: 'A disabled application still shows the regions it had.',
    override: lastValueShown('allowedRegions'),
  },
  {
    id: 'disabled-shows-uri',
    sentence: 'A disabled application still shows the SIP URI it had.',
    collateral: { 'app.disable.kills-credential': 'it calls the SIP URI that should be gone' },
    override: answersRewritten(({ body }) => {
      const data = dataIn(body);
      const id = data?.['applicationId'];
      if (typeof data?.['sipUri'] === 'string') lastUris.set(id, data['sipUri']);
      const sipUri = data?.['sipUri'] ?? lastUris.get(id);
      return sipUri === undefined ? body : changed(body, { data: changed(data, { sipUri }) });
    }),
  },
]);
