import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { asksForToken } from '../requests.ts';

export default {
  id: 'scheme-ignored',
  rule: 'oauth.bearer.required',
  sentence: 'A good token is taken under whatever scheme it is sent.',
  override: apiOptions(() => ({
    hook(app) {
      app.addHook('onRequest', async ({ url, headers }) => {
        const [, token] = /^\w+ (.+)$/.exec(headers.authorization ?? '') ?? [];
        if (!asksForToken({ url }) && token !== undefined) headers.authorization = `Bearer ${token}`;
      });
    },
  })),
} satisfies Fault;
