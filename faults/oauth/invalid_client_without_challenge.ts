import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default {
  id: 'invalid-client-without-challenge',
  rule: 'oauth.token.invalid-client',
  sentence: 'The refusal of a client has no WWW-Authenticate header.',
  override: answersRewritten(({ request, reply, body }) => {
    if (asksForToken(request)) void reply.removeHeader('www-authenticate');
    return body;
  }),
} satisfies Fault;
