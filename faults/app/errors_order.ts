import { refuse } from '../../impl/api/envelope.ts';
import { apiOptions, faultsOf } from '../fault.ts';

export default faultsOf('app.errors.order', [
  {
    id: 'body-before-application',
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
  },
  {
    id: 'content-type-first',
    sentence: 'The content type is looked at before the token and the application.',
    override: apiOptions(({ newUuid }) => ({
      hook(app) {
        app.addHook('onRequest', async ({ method, headers }, reply) => {
          const type = headers['content-type'] ?? 'application/json';
          if (['POST', 'DELETE'].includes(method) || /^application\/(merge-patch\+)?json/.test(type))
            return undefined;
          const description = 'send a body of type application/json';
          return refuse(reply, [{ kind: 'unsupportedMediaType', description }], newUuid);
        });
      },
    })),
  },
  {
    id: 'method-first',
    sentence: 'The method is looked at before the token and the application.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRoute', (route) => {
          const isRefusal = [route.method].flat().includes('PUT');
          if (isRefusal && Array.isArray(route.onRequest)) route.onRequest = route.onRequest.toReversed();
        });
      },
    })),
  },
]);
