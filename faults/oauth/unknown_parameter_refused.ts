import type { Fault } from '../fault.ts';
import { asksForToken, bodiesRewritten, hasUnknownParameter } from '../requests.ts';

export default {
  id: 'unknown-parameter-refused',
  rule: 'oauth.token.client-credentials',
  sentence: 'A request for a token is refused where it has a parameter that the service does not know.',
  override: bodiesRewritten((body, request) =>
    asksForToken(request) && hasUnknownParameter(request) ? { ...body, grant_type: '' } : body,
  ),
} satisfies Fault;
