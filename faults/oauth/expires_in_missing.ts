import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken, hasUnknownParameter } from '../requests.ts';

export default {
  id: 'expires-in-missing',
  rule: 'oauth.token.client-credentials',
  sentence: 'The answer to a request with a parameter that the service does not know has no expires_in.',
  override: answersRewritten(({ request, reply, body }) =>
    asksForToken(request) && reply.statusCode === 200 && hasUnknownParameter(request)
      ? changed(body, { expires_in: undefined })
      : body,
  ),
} satisfies Fault;
