import { faultsOf } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken, bodiesRewritten } from '../requests.ts';

export default faultsOf('oauth.token.scope', [
  {
    id: 'unknown-scope-ignored',
    sentence: 'A token is given for any scope, and the answer does not say that it is not for that one.',
    override: bodiesRewritten((body, request) => {
      const { scope, ...rest } = body;
      return asksForToken(request) && typeof scope === 'string' ? rest : body;
    }),
  },
  {
    id: 'unknown-scope-invalid-request',
    sentence: 'An unknown scope is refused as invalid_request.',
    override: answersRewritten(({ request, body }) =>
      asksForToken(request) && JSON.stringify(body).includes('"invalid_scope"')
        ? changed(body, { error: 'invalid_request' })
        : body,
    ),
  },
]);
