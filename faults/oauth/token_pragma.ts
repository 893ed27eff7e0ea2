import { faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default faultsOf('oauth.token.pragma', [
  {
    id: 'token-without-pragma',
    sentence: 'The answer with a token has no Pragma.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request)) void reply.removeHeader('pragma');
      return body;
    }),
  },
]);
