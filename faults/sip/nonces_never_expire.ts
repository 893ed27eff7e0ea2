import { systemClock } from '../../impl/runtime/clock.ts';
import { edgeOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

const startedAt = systemClock.wall();

export default {
  id: 'nonces-never-expire',
  rule: 'sip.auth.stale-nonce',
  sentence: 'The clock that nonces are dated by stands still, so that none grows old.',
  override: edgeOptions(() => ({ clock: { ...systemClock, wall: () => startedAt } })),
} satisfies Fault;
