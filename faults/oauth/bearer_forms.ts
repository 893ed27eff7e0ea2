import { apiOptions, faultsOf } from '../fault.ts';
import { asksForToken } from '../requests.ts';

export default faultsOf('oauth.bearer.forms', [
  {
    id: 'bearer-scheme-in-one-case',
    sentence: 'The Bearer scheme is known in one spelling only.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRequest', async ({ url, headers }) => {
          if (asksForToken({ url }) || headers.authorization?.startsWith('Bearer ') !== false) return;
          headers.authorization = 'Unknown';
        });
      },
    })),
  },
]);
