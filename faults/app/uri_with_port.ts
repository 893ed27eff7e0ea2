import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default {
  id: 'uri-with-port',
  rule: 'app.uri.format',
  sentence: 'A SIP URI has a port after the domain.',
  override: answersRewritten(({ body }) => {
    const data = dataIn(body);
    const sipUri = data?.['sipUri'];
    return typeof sipUri === 'string'
      ? changed(body, { data: changed(data, { sipUri: `${sipUri}:5060` }) })
      : body;
  }),
} satisfies Fault;
