import { tokensReadOtherwise } from '../bearer_tokens.ts';
import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'foreign-account-readable',
  rule: 'oauth.bearer.account-scope',
  sentence: 'With a token of any account the applications of every account can be read.',
  override: apiOptions(() => ({
    hook(app) {
      app.addHook('onRequest', async ({ method, url, headers }) => {
        const [, accountId] = /^\/v2\/accounts\/(\w+)\//.exec(url) ?? [];
        if (method === 'GET' && accountId !== undefined && headers.authorization !== undefined)
          headers.authorization += `~${accountId}`;
      });
    },
    ...tokensReadOtherwise(async (text, read) => {
      const [token = '', accountId] = text.split('~');
      const bearer = await read(token);
      if (typeof bearer === 'string' || accountId === undefined) return bearer;
      return { ...bearer, accounts: [...bearer.accounts, accountId] };
    }),
  })),
} satisfies Fault;
