import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const uris = new Map<unknown, string>();

export default {
  id: 'disabled-shows-uri',
  rule: 'app.disable.clears',
  sentence: 'A disabled application still shows the SIP URI it had.',
  collateral: { 'app.disable.kills-credential': 'it calls the SIP URI that is to have been taken away' },
  override: answersRewritten(({ body }) => {
    const data = dataIn(body);
    const id = data?.['applicationId'];
    if (typeof data?.['sipUri'] === 'string') uris.set(id, data['sipUri']);
    const sipUri = data?.['sipUri'] ?? uris.get(id);
    return sipUri === undefined ? body : changed(body, { data: changed(data, { sipUri }) });
  }),
} satisfies Fault;
