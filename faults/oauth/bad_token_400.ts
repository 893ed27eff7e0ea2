import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default {
  id: 'bad-token-400',
  rule: 'oauth.bearer.required',
  sentence: 'A call with a token that is none is refused with 400 instead of 401.',
  override: answersRewritten(({ request, reply, body }) => {
    const isNone = request.headers.authorization?.includes('.') === false;
    if (isNone && !asksForToken(request) && reply.statusCode === 401) void reply.code(400);
    return body;
  }),
} satisfies Fault;
