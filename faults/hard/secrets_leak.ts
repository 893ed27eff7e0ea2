import type { FastifyRequest } from 'fastify';

import type { Parts } from '../../impl/system.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten, changed, isObject } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default faultsOf('hard.secrets.leak', [
  {
    id: 'not-found-repeats-id',
    sentence: 'The refusal of an unknown application repeats the id that was asked for.',
    override: answersRewritten(({ request, reply, body }) =>
      reply.statusCode === 404 ? described(body, `there is no ${request.url}`) : body,
    ),
  },
  {
    id: 'wrong-value-repeated',
    sentence: 'The refusal of a wrong value repeats the value.',
    override: answersRewritten(({ request, reply, body }) => {
      const sent = isObject(request.body) ? Object.values(request.body) : [];
      const [value] = sent.flat().filter((one) => typeof one === 'string');
      return reply.statusCode === 400 && value !== undefined ? commented(body, value) : body;
    }),
  },
  {
    id: 'wrong-credentials-repeated',
    sentence: 'The challenge repeats the credentials that it does not take.',
    override: answersRewritten(({ request, reply, body }) => {
      const { authorization } = request.headers;
      if (reply.statusCode === 401 && authorization !== undefined && !asksForToken(request))
        void reply.header('www-authenticate', `Bearer error_description="no good: ${authorization}"`);
      return body;
    }),
  },
  {
    id: 'query-logged',
    sentence: 'The log has the query of each request.',
    override: requestsLogged(({ url }) => url),
  },
  {
    id: 'user-agent-logged',
    sentence: 'The log has the user agent of each request.',
    override: requestsLogged(({ headers }) => headers['user-agent']),
  },
  {
    id: 'authorization-logged-in-part',
    sentence: 'The log has the credentials of each request, without their scheme.',
    override: requestsLogged(({ headers }) => headers.authorization?.split(' ').at(-1)),
  },
  {
    id: 'made-password-logged',
    sentence: 'The log has each password that is made.',
    override: apiOptions(({ log, applyPatch }) => ({
      applyPatch(current, patch, context) {
        const outcome = applyPatch(current, patch, context);
        if (outcome.next !== undefined && outcome.oneTimePassword !== undefined)
          log({ level: 'info', event: 'api.rotated', to: outcome.oneTimePassword });
        return outcome;
      },
    })),
  },
]);

function described(body: unknown, description: string): unknown {
  return changed(body, { errors: [{ type: 'request.refused', description }] });
}

/** The refusal with the comment behind each of its descriptions. */
function commented(body: unknown, comment: string): unknown {
  if (!isObject(body) || !Array.isArray(body['errors'])) return body;
  const errors = body['errors'].map((error: unknown) =>
    isObject(error) ? { ...error, description: `${String(error['description'])} (${comment})` } : error,
  );
  return changed(body, { errors });
}

/** The API that logs something of each request. */
function requestsLogged(what: (request: FastifyRequest) => string | undefined): Partial<Parts> {
  return apiOptions(({ log }) => ({
    hook(app) {
      app.addHook('onResponse', async (request) =>
        log({ level: 'info', event: 'api.seen', what: what(request) }),
      );
    },
  }));
}
