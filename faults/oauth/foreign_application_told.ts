import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'foreign-application-told',
  rule: 'oauth.bearer.account-scope',
  sentence: 'The refusal of a token of another account tells whether the application exists.',
  override: apiOptions(({ applications }) => ({
    hook(app) {
      app.addHook('onSend', async ({ url }, reply, payload) => {
        const [, accountId = '', applicationId = ''] =
          /^\/v2\/accounts\/(\w+)\/[^/]+\/([\w-]+)$/.exec(url) ?? [];
        if (reply.statusCode !== 403 || typeof payload !== 'string') return payload;
        const found = await applications.get(accountId, applicationId);
        return found === undefined ? payload.replace('for this account', 'for that') : payload;
      });
    },
  })),
} satisfies Fault;
