import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken, hasUnknownParameter } from '../requests.ts';

export default {
  id: 'expires-in-as-text',
  rule: 'oauth.token.client-credentials',
  sentence:
    'The answer to a request with a parameter that the service does not know has expires_in as a string.',
  override: answersRewritten(({ request, reply, body }) =>
    asksForToken(request) && reply.statusCode === 200 && hasUnknownParameter(request)
      ? changed(body, { expires_in: '6' })
      : body,
  ),
} satisfies Fault;
