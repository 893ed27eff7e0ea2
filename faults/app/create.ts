import { faultsOf } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';
import { bodiesRewritten } from '../requests.ts';

export default faultsOf('app.create', [
  {
    id: 'created-without-id',
    sentence: 'The answer with a new application tells its id nowhere.',
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode !== 201) return body;
      void reply.removeHeader('location');
      return changed(body, { data: changed(dataIn(body), { applicationId: undefined }) });
    }),
  },
  {
    id: 'webhook-not-required',
    sentence: 'A new application without a webhook gets one of its own.',
    override: bodiesRewritten((body, { method }) =>
      method === 'POST' && 'applicationName' in body
        ? { callInitiatedCallbackUrl: 'https://callbacks.example/initiate', ...body }
        : body,
    ),
  },
  {
    id: 'webhook-credentials-hidden',
    sentence: 'Credentials of webhooks are stored, and never shown.',
    override: answersRewritten(({ body }) => {
      const data = dataIn(body);
      return data === undefined ? body : changed(body, { data: changed(data, { callbackCreds: null }) });
    }),
  },
]);
