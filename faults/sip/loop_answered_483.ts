import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'loop-answered-483',
  rule: 'sip.loop',
  sentence: 'A request that comes back is answered with 483, as if its hops were used up.',
  collateral: { 'sip.hops.before-auth': 'the copy that comes back is to be answered with 482 there too' },
  override: decidedOtherwise((decision) =>
    decision.reason === 'looped' ? { action: 'refuse', status: 483, reason: 'hops-exhausted' } : decision,
  ),
} satisfies Fault;
