import type { Parts } from '../../impl/system.ts';
import { faultsOf } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken, bodiesRewritten, hasUnknownParameter } from '../requests.ts';

export default faultsOf('oauth.token.client-credentials', [
  {
    id: 'expires-in-as-text',
    sentence:
      'The answer to a request with a parameter that the service does not know has expires_in as a string.',
    override: unknownParameterAnswered({ expires_in: '6' }),
  },
  {
    id: 'expires-in-missing',
    sentence: 'The answer to a request with a parameter that the service does not know has no expires_in.',
    override: unknownParameterAnswered({ expires_in: undefined }),
  },
  {
    id: 'lifetime-never-told',
    sentence: 'No answer with a token has expires_in.',
    override: tokensAnswered({ expires_in: undefined }),
  },
  {
    id: 'lifetime-with-a-fraction',
    sentence: 'Every answer with a token has expires_in with half a second, and its token type in capitals.',
    override: tokensAnswered({ expires_in: 5.5, token_type: 'BEARER' }),
  },
  {
    id: 'token-answered-201',
    sentence: 'A token is given with 201 instead of 200.',
    override: answersRewritten(({ request, reply, body }) => {
      if (asksForToken(request) && reply.statusCode === 200) void reply.code(201);
      return body;
    }),
  },
  {
    id: 'token-type-mac',
    sentence: 'The token of a request with a parameter that the service does not know is of the type mac.',
    override: unknownParameterAnswered({ token_type: 'mac' }),
  },
  {
    id: 'unknown-parameter-refused',
    sentence: 'A token request with a parameter that the service does not know is refused.',
    override: bodiesRewritten((body, request) =>
      asksForToken(request) && hasUnknownParameter(request) ? { ...body, grant_type: '' } : body,
    ),
  },
]);

/** Every answer with a token has these members. */
function tokensAnswered(members: Readonly<Record<string, unknown>>): Partial<Parts> {
  return answersRewritten(({ request, reply, body }) =>
    asksForToken(request) && reply.statusCode === 200 ? changed(body, members) : body,
  );
}

/** The answer with a token to a request with a parameter that the service does not know has these members. */
function unknownParameterAnswered(members: Readonly<Record<string, unknown>>): Partial<Parts> {
  return answersRewritten(({ request, reply, body }) =>
    asksForToken(request) && reply.statusCode === 200 && hasUnknownParameter(request)
      ? changed(body, members)
      : body,
  );
}
