import { faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default faultsOf('oauth.token.guessing', [
  {
    id: 'guesses-unlimited',
    sentence: 'Whoever guesses at client secrets is answered at once, however often.',
    override: answersRewritten(({ request, reply, body }) => {
      if (!asksForToken(request) || reply.statusCode !== 429) return body;
      void reply.code(401);
      return { error: 'invalid_client' };
    }),
  },
  {
    id: 'guesser-not-told-when',
    sentence: 'Whoever guesses too often is not told when to come again.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request)) void reply.removeHeader('retry-after');
      return body;
    }),
  },
]);
