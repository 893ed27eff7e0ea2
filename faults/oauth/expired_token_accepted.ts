import { accessTokens } from '../../impl/api/access_token.ts';
import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'expired-token-accepted',
  rule: 'oauth.bearer.required',
  sentence: 'A token is good for ever.',
  override: apiOptions(() => ({
    accessTokens(options) {
      const timeless = accessTokens({ ...options, now: () => 0 });
      return { ...accessTokens(options), read: (token) => timeless.read(token) };
    },
  })),
} satisfies Fault;
