import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { asksForToken } from '../requests.ts';

export default {
  id: 'grant-type-assumed',
  rule: 'oauth.token.bad-request',
  sentence: 'A request for a token without a grant type is taken for one of client credentials.',
  override: apiOptions(() => ({
    hook(app) {
      app.addHook('preValidation', async (request) => {
        if (!asksForToken(request)) return;
        const given: unknown = request.body ?? {};
        if (typeof given === 'object') request.body = { grant_type: 'client_credentials', ...given };
      });
    },
  })),
} satisfies Fault;
