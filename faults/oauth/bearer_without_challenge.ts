import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default {
  id: 'bearer-without-challenge',
  rule: 'oauth.bearer.required',
  sentence: 'The refusal of a call without a good token has no WWW-Authenticate header.',
  override: answersRewritten(({ request, reply, body }) => {
    if (!asksForToken(request)) void reply.removeHeader('www-authenticate');
    return body;
  }),
} satisfies Fault;
