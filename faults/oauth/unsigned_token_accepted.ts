import { tokensReadOtherwise, unverified } from '../bearer_tokens.ts';
import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

const UNSIGNED = /^[\w-]+\.[\w-]+\.$/;

export default {
  id: 'unsigned-token-accepted',
  rule: 'oauth.bearer.required',
  sentence: 'A token that says of itself that it is not signed is taken.',
  override: apiOptions(() =>
    tokensReadOtherwise(async (token, read) => (UNSIGNED.test(token) ? unverified(token) : read(token))),
  ),
} satisfies Fault;
