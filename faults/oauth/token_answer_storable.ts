import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default {
  id: 'token-answer-storable',
  rule: 'oauth.token.bad-request',
  sentence: 'Nothing forbids a cache to store the answer with the token.',
  override: answersRewritten(({ request, reply, body }) => {
    if (asksForToken(request) && reply.statusCode === 200) void reply.removeHeader('cache-control');
    return body;
  }),
} satisfies Fault;
