import { faultsOf } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default faultsOf('oauth.token.refusal', [
  {
    id: 'token-refusal-with-an-empty-description',
    sentence: 'The description of a refused token is empty.',
    override: answersRewritten(({ request, reply, body }) =>
      asksForToken(request) && reply.statusCode >= 400 ? changed(body, { error_description: '' }) : body,
    ),
  },
  {
    id: 'token-refusal-that-quotes',
    sentence: 'The description of a refused token has a text in quotation marks.',
    override: answersRewritten(({ request, reply, body }) =>
      asksForToken(request) && reply.statusCode >= 400
        ? changed(body, { error_description: 'send "grant_type"' })
        : body,
    ),
  },
]);
