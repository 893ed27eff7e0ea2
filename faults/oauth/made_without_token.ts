import { accessTokens } from '../../impl/api/access_token.ts';
import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

const NOBODY = 'nobody.';

export default {
  id: 'made-without-token',
  rule: 'oauth.bearer.required',
  sentence: 'A voice application can be made without a token.',
  override: apiOptions(() => ({
    hook(app) {
      app.addHook('onRequest', async ({ method, url, headers }) => {
        const [, accountId] = /^\/v2\/accounts\/(\w+)\/voice-applications$/.exec(url) ?? [];
        if (method === 'POST' && accountId !== undefined)
          headers.authorization ??= `Bearer ${NOBODY}${accountId}`;
      });
    },
    accessTokens(options) {
      const tokens = accessTokens(options);
      return {
        ...tokens,
        read: async (token) =>
          token.startsWith(NOBODY)
            ? { clientId: 'nobody', accounts: [token.slice(NOBODY.length)] }
            : tokens.read(token),
      };
    },
  })),
} satisfies Fault;
