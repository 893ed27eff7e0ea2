import { LoopGuard } from '../../impl/edge/loop.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'returned-call-taken-for-new',
  rule: 'sip.loop',
  sentence: 'A request that comes back is taken for a new one.',
  collateral: { 'sip.hops.before-auth': 'the copy that comes back is to be answered with 482 there too' },
  override: edgeWith({
    LoopGuard: class extends LoopGuard {
      override hasReturned(): boolean {
        return false;
      }
    },
  }),
} satisfies Fault;
