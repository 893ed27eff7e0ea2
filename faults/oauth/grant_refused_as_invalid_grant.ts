import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';
import { asksForToken } from '../requests.ts';

export default {
  id: 'grant-refused-as-invalid-grant',
  rule: 'oauth.token.bad-request',
  sentence: 'A grant type that the service does not have is refused as invalid_grant.',
  override: answersRewritten(({ request, body }) => {
    const isOurs = asksForToken(request) && JSON.stringify(body).includes('"unsupported_grant_type"');
    return isOurs ? changed(body, { error: 'invalid_grant' }) : body;
  }),
} satisfies Fault;
