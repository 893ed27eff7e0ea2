import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken, hasUnknownParameter } from '../requests.ts';

export default {
  id: 'token-type-mac',
  rule: 'oauth.token.client-credentials',
  sentence: 'The token of a request with a parameter that the service does not know is of the type mac.',
  override: answersRewritten(({ request, reply, body }) =>
    asksForToken(request) && reply.statusCode === 200 && hasUnknownParameter(request)
      ? changed(body, { token_type: 'mac' })
      : body,
  ),
} satisfies Fault;
