import { faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default faultsOf('app.patch.media-types', [
  {
    id: 'types-not-told-by-415',
    sentence: 'The refusal of a content type does not say which types a PATCH may have.',
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode === 415) void reply.removeHeader('accept-patch');
      return body;
    }),
  },
  {
    id: 'types-not-told-by-options',
    sentence: 'The answer to OPTIONS does not say which types a PATCH may have.',
    override: answersRewritten(({ request, reply, body }) => {
      if (request.method === 'OPTIONS') void reply.removeHeader('accept-patch');
      return body;
    }),
  },
]);
