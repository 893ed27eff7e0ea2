import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default {
  id: 'uri-of-another-domain',
  rule: 'app.uri.format',
  sentence: 'Reading an application shows a SIP URI with another domain than the answer that gave it.',
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    const sipUri = data?.['sipUri'];
    return request.method === 'GET' && typeof sipUri === 'string'
      ? changed(body, { data: changed(data, { sipUri: sipUri.replace(/@.*/, '@voice.example') }) })
      : body;
  }),
} satisfies Fault;
