import { faultsOf } from '../fault.ts';
import { asksForToken, bodiesRewritten } from '../requests.ts';

export default faultsOf('oauth.token.parameters', [
  {
    id: 'empty-scope-is-a-scope',
    sentence: 'A scope without a value is refused as a scope that does not exist.',
    override: bodiesRewritten((body, request) =>
      asksForToken(request) && body['scope'] === '' ? { ...body, scope: 'none' } : body,
    ),
  },
  {
    id: 'empty-grant-type-is-another-grant',
    sentence: 'A grant type without a value is refused as one that does not exist.',
    override: bodiesRewritten((body, request) =>
      asksForToken(request) && body['grant_type'] === '' ? { ...body, grant_type: 'none' } : body,
    ),
  },
  {
    id: 'last-of-two-parameters-counts',
    sentence: 'Of a parameter that is there twice the last value counts.',
    override: bodiesRewritten((body, request) =>
      asksForToken(request)
        ? Object.fromEntries(
            Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]),
          )
        : body,
    ),
  },
]);
