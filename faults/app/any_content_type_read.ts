import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'any-content-type-read',
  rule: 'app.errors',
  sentence: 'The body of a PATCH is read as JSON, whatever its content type says.',
  collateral: { 'app.envelope': 'it asks for the refusal of another content type too' },
  override: apiOptions(() => ({
    hook(app) {
      app.addHook('onRequest', async ({ method, headers }) => {
        if (method === 'PATCH') headers['content-type'] = 'application/json';
      });
    },
  })),
} satisfies Fault;
