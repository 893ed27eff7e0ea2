import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'method-first',
  rule: 'app.errors',
  sentence: 'The method is looked at before the token and the application.',
  override: apiOptions(() => ({
    hook(app) {
      app.addHook('onRoute', (route) => {
        const isRefusal = [route.method].flat().includes('PUT');
        if (isRefusal && Array.isArray(route.onRequest)) route.onRequest = route.onRequest.toReversed();
      });
    },
  })),
} satisfies Fault;
