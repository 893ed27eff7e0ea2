import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken, bodiesRewritten } from '../requests.ts';

export default faultsOf('oauth.token.bad-request', [
  {
    id: 'grant-refused-as-invalid-grant',
    sentence: 'A grant type that the service does not have is refused as invalid_grant.',
    override: answersRewritten(({ request, body }) => {
      const isOurs = asksForToken(request) && JSON.stringify(body).includes('"unsupported_grant_type"');
      return isOurs ? changed(body, { error: 'invalid_grant' }) : body;
    }),
  },
  {
    id: 'grant-type-assumed',
    sentence: 'A request for a token without a grant type is taken for one of client credentials.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('preValidation', async (request) => {
          if (!asksForToken(request)) return;
          const given: unknown = request.body ?? {};
          if (typeof given === 'object') request.body = { grant_type: 'client_credentials', ...given };
        });
      },
    })),
  },
  {
    id: 'grant-type-in-capitals-accepted',
    sentence: 'The grant type is compared without regard to case.',
    override: bodiesRewritten((body, request) =>
      asksForToken(request) && typeof body['grant_type'] === 'string'
        ? { ...body, grant_type: body['grant_type'].toLowerCase() }
        : body,
    ),
  },
  {
    id: 'grant-type-unchecked',
    sentence: 'A token is given for whatever grant type is asked for.',
    override: bodiesRewritten((body, request) =>
      asksForToken(request) && typeof body['grant_type'] === 'string' && body['grant_type'] !== ''
        ? { ...body, grant_type: 'client_credentials' }
        : body,
    ),
  },
  {
    id: 'token-answer-storable',
    sentence: 'Nothing forbids a cache to store the answer with the token.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request) && reply.statusCode === 200) void reply.removeHeader('cache-control');
      return body;
    }),
  },
  {
    id: 'token-refusal-storable',
    sentence: 'Nothing forbids a cache to store the refusal of a token.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request) && reply.statusCode !== 200) void reply.removeHeader('cache-control');
      return body;
    }),
  },
]);
