import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'body-unlimited',
  rule: 'app.errors',
  sentence: 'A body may be as large as it likes.',
  collateral: { 'app.envelope': 'it asks for the refusal of an oversized body too' },
  override: apiOptions(() => ({
    hook(app) {
      app.addHook('onRoute', (route) => {
        route.bodyLimit = 1 << 30;
      });
    },
  })),
} satisfies Fault;
