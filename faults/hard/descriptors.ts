import { closeSync, openSync } from 'node:fs';

import type { Decision } from '../../impl/edge/decision.ts';
import { decide } from '../../impl/edge/policy.ts';
import { listen } from '../../impl/sip/listener.ts';
import { apiOptions, decidedOtherwise, edgeOptions, edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

const LOOK_MS = 20;
/** The reason goes to the log alone. */
const FORBIDDEN: Decision = { action: 'refuse', status: 403, reason: 'source-not-allowed' };

export default faultsOf('hard.descriptors', [
  {
    id: 'call-lost-without-descriptor',
    sentence: 'Where no descriptor is left, an INVITE gets no answer.',
    override: wire({ received: (text) => (text.startsWith('INVITE ') && !isOneLeft() ? undefined : text) }),
  },
  {
    id: 'call-forbidden-without-descriptor',
    sentence: 'Where no descriptor is left, a call gets 403, as if the caller were to blame.',
    override: decidedOtherwise((decision) =>
      decision.action === 'deliver' && !isOneLeft() ? FORBIDDEN : decision,
    ),
  },
  {
    id: 'calls-forbidden-for-good',
    sentence: 'Once no descriptor was left, every call gets 403, also when there are some again.',
    override: edgeOptions(() => {
      let isLost = false;
      onceLacking(() => (isLost = true));
      return {
        parts: {
          decide(arrival, view, now) {
            const decision = decide(arrival, view, now);
            return decision.action === 'deliver' && isLost ? FORBIDDEN : decision;
          },
        },
      };
    }),
  },
  {
    id: 'connections-lost-for-good',
    sentence: 'Once no descriptor was left, the service takes no TCP connections any more.',
    override: edgeWith({
      async listen(...how) {
        const listener = await listen(...how);
        onceLacking(() => void listener.tcp.close());
        return listener;
      },
    }),
  },
  {
    id: 'api-lost-for-good',
    sentence: 'Once no descriptor was left, the management API answers every request with 503.',
    override: apiOptions(() => ({
      hook(app) {
        let isLost = false;
        onceLacking(() => (isLost = true));
        app.addHook('onRequest', async ({ url }, reply) =>
          isLost && url.startsWith('/v2/') ? reply.code(503).send() : undefined,
        );
      },
    })),
  },
]);

/** Whether the process may open another file. */
function isOneLeft(): boolean {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Does it when the process has no descriptor left for the first time. */
function onceLacking(act: () => void): void {
  const timer = setInterval(() => {
    if (isOneLeft()) return;
    clearInterval(timer);
    act();
  }, LOOK_MS);
  timer.unref();
}
