import type { Fault } from '../fault.ts';
import { asksForToken, bodiesRewritten } from '../requests.ts';

export default {
  id: 'grant-type-unchecked',
  rule: 'oauth.token.bad-request',
  sentence: 'A token is given for whatever grant type is asked for.',
  override: bodiesRewritten((body, request) =>
    asksForToken(request) && typeof body['grant_type'] === 'string' && body['grant_type'] !== ''
      ? { ...body, grant_type: 'client_credentials' }
      : body,
  ),
} satisfies Fault;
