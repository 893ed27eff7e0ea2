import type { Fault } from '../fault.ts';
import { asksForToken, bodiesRewritten } from '../requests.ts';

export default {
  id: 'grant-type-in-capitals-accepted',
  rule: 'oauth.token.bad-request',
  sentence: 'The grant type is compared without regard to case.',
  override: bodiesRewritten((body, request) =>
    asksForToken(request) && typeof body['grant_type'] === 'string'
      ? { ...body, grant_type: body['grant_type'].toLowerCase() }
      : body,
  ),
} satisfies Fault;
