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

/** The answer with a token to a request with a parameter that the service does not know has these members. */
function unknownParameterAnswered(members: Readonly<Record<string, unknown>>): Partial<Parts> {
  return answersRewritten(({ request, reply, body }) =>
    asksForToken(request) && reply.statusCode === 200 && hasUnknownParameter(request)
      ? changed(body, members)
      : body,
  );
}
