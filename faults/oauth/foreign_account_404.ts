import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default {
  id: 'foreign-account-404',
  rule: 'oauth.bearer.account-scope',
  sentence: 'A call with a token of another account is refused with 404 instead of 403.',
  collateral: {
    'app.envelope': 'a change in a foreign account is such a call',
    'app.errors': 'a change in a foreign account is such a call',
  },
  override: answersRewritten(({ reply, body }) => {
    if (reply.statusCode === 403) void reply.code(404);
    return body;
  }),
} satisfies Fault;
