import { faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';

const TOKEN = { access_token: 'token', token_type: 'Bearer', expires_in: 60 };

export default faultsOf('oauth.token.post', [
  {
    id: 'token-by-get',
    sentence: 'A token is given to GET as well.',
    override: answersRewritten(({ request, reply, body }) => {
      if (request.method !== 'GET' || !request.url.startsWith('/api/v1/oauth2/token?')) return body;
      void reply.code(200);
      return TOKEN;
    }),
  },
  {
    id: 'token-405-without-post',
    sentence: 'The token endpoint refuses another method, and does not say that it takes POST.',
    override: answersRewritten(({ request, reply, body }) => {
      if (request.url.startsWith('/api/v1/oauth2/token?')) void reply.removeHeader('allow');
      return body;
    }),
  },
]);
