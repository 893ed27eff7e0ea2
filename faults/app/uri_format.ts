import { applyPatch } from '../../impl/api/application_patch.ts';
import { faultsOf } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default faultsOf('app.uri.format', [
  {
    id: 'uri-of-another-domain',
    sentence: 'Reading an application shows a SIP URI with another domain than the answer that gave it.',
    override: answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const sipUri = data?.['sipUri'];
      return request.method === 'GET' && typeof sipUri === 'string'
        ? changed(body, { data: changed(data, { sipUri: sipUri.replace(/@.*/, '@voice.example') }) })
        : body;
    }),
  },
  {
    id: 'uri-with-port',
    sentence: 'A SIP URI has a port after the domain.',
    override: answersRewritten(({ body }) => {
      const data = dataIn(body);
      const sipUri = data?.['sipUri'];
      return typeof sipUri === 'string'
        ? changed(body, { data: changed(data, { sipUri: `${sipUri}:5060` }) })
        : body;
    }),
  },
  {
    id: 'uri-without-hyphens',
    sentence: 'The user part of a SIP URI is thirty-two hexadecimal digits without hyphens.',
    override: {
      applyPatch: (current, patch, context) =>
        applyPatch(current, patch, { ...context, newUuid: () => context.newUuid().replaceAll('-', '') }),
    },
  },
]);
