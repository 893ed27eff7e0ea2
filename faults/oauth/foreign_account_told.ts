import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'foreign-account-told',
  rule: 'oauth.bearer.account-scope',
  sentence: 'A token of another account is refused with 404 where the account asked for does not exist.',
  collateral: {
    'app.envelope': 'a change in a foreign account names one that does not exist',
    'app.errors': 'a change in a foreign account names one that does not exist',
  },
  override: apiOptions(({ clients }) => ({
    hook(app) {
      app.addHook('onSend', async ({ url }, reply, payload) => {
        const [, asked] = /^\/v2\/accounts\/(\w+)\//.exec(url) ?? [];
        const known = await clients.list();
        if (reply.statusCode === 403 && !known.some(({ accountId }) => accountId === asked))
          void reply.code(404);
        return payload;
      });
    },
  })),
} satisfies Fault;
