import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'body-before-application',
  rule: 'app.errors',
  sentence: 'The body of a PATCH is looked at before the application.',
  override: apiOptions(() => ({
    hook(app) {
      app.addHook('onRoute', (route) => {
        if (route.method !== 'PATCH' || !Array.isArray(route.onRequest)) return;
        const [authorized, existing] = route.onRequest;
        if (authorized === undefined || existing === undefined) return;
        route.onRequest = [authorized];
        route.preHandler = [existing];
      });
    },
  })),
} satisfies Fault;
