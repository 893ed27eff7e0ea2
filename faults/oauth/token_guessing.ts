import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default faultsOf('oauth.token.guessing', [
  {
    id: 'client-behind-guesser-shut-out',
    sentence: 'A client at the address of somebody who guesses has to wait as well.',
    override: apiOptions(() => {
      const guessers = new Set<string>();
      return {
        hook(app) {
          app.addHook('onResponse', async (request, reply) => {
            if (asksForToken(request) && reply.statusCode === 429) guessers.add(request.ip);
          });
          app.addHook('onRequest', async (request, reply) => {
            if (!asksForToken(request) || !guessers.has(request.ip)) return;
            await reply.code(429).header('retry-after', '60').send({ error: 'temporarily_unavailable' });
          });
        },
      };
    }),
  },
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
