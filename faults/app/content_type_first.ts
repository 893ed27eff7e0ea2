import { refuse } from '../../impl/api/envelope.ts';
import type { Fault } from '../fault.ts';
import { apiOptions } from '../fault.ts';

export default {
  id: 'content-type-first',
  rule: 'app.errors',
  sentence: 'The content type is looked at before the token and the application.',
  override: apiOptions(({ newUuid }) => ({
    hook(app) {
      app.addHook('onRequest', async ({ method, headers }, reply) => {
        const type = headers['content-type'] ?? 'application/json';
        if (method === 'POST' || type.startsWith('application/json')) return undefined;
        const description = 'send a body of type application/json';
        return refuse(reply, [{ kind: 'unsupportedMediaType', description }], newUuid);
      });
    },
  })),
} satisfies Fault;
