import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default {
  id: 'invalid-client-400',
  rule: 'oauth.token.invalid-client',
  sentence: 'A client with a wrong id or secret is refused with 400 instead of 401.',
  override: answersRewritten(({ request, reply, body }) => {
    if (asksForToken(request) && reply.statusCode === 401) void reply.code(400);
    return body;
  }),
} satisfies Fault;
