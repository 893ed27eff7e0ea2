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
    sentence: 'A token request without a grant type is read as one for client_credentials.',
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
    sentence: 'A token is given for any grant type.',
    override: bodiesRewritten((body, request) =>
      asksForToken(request) && typeof body['grant_type'] === 'string' && body['grant_type'] !== ''
        ? { ...body, grant_type: 'client_credentials' }
        : body,
    ),
  },
  {
    id: 'token-answer-storable',
    sentence: 'The answer with the token may be stored by a cache.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request) && reply.statusCode === 200) void reply.removeHeader('cache-control');
      return body;
    }),
  },
  {
    id: 'refusal-of-no-form-storable',
    sentence: 'The refusal of a token request that is no form may be stored by a cache.',
    override: answersRewritten(({ request, reply, body }) => {
      const isForm = request.headers['content-type']?.includes('form-urlencoded') === true;
      if (asksForToken(request) && !isForm) void reply.removeHeader('cache-control');
      return body;
    }),
  },
  {
    id: 'token-refusal-storable',
    sentence: 'The refusal of a token may be stored by a cache.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request) && reply.statusCode !== 200) void reply.removeHeader('cache-control');
      return body;
    }),
  },
]);
