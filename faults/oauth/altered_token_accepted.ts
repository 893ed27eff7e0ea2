import { tokensReadOtherwise, unverified } from '../bearer_tokens.ts';
import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'altered-token-accepted',
  rule: 'oauth.bearer.required',
  sentence: 'The signature of a token is not looked at.',
  override: apiOptions(() =>
    tokensReadOtherwise(async (token, read) => {
      const bearer = await read(token);
      return bearer === 'invalid' && token.split('.').length === 3 ? unverified(token) : bearer;
    }),
  ),
} satisfies Fault;
