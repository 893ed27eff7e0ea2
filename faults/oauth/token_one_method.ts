import { faultsOf } from '../fault.ts';
import { asksForToken, bodiesRewritten } from '../requests.ts';

export default faultsOf('oauth.token.one-method', [
  {
    id: 'secret-in-the-form-ignored',
    sentence: 'A client secret in the form is ignored where there is one in the header.',
    override: bodiesRewritten((body, request) => {
      const { client_secret: ignored, ...rest } = body;
      return asksForToken(request) && typeof ignored === 'string' ? rest : body;
    }),
  },
]);
