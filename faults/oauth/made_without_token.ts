import { tokensReadOtherwise } from '../bearer_tokens.ts';
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
    ...tokensReadOtherwise(async (token, read) =>
      token.startsWith(NOBODY) ? { clientId: 'nobody', accounts: [token.slice(NOBODY.length)] } : read(token),
    ),
  })),
} satisfies Fault;
