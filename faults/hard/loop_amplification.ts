import { LoopGuard } from '../../impl/edge/loop.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import { edgeWith, faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('hard.loop.amplification', [
  {
    id: 'loop-of-two-names-missed',
    sentence: 'A call that comes back is taken for a new one unless its last hop sent it back unchanged.',
    override: edgeWith({
      LoopGuard: class extends LoopGuard {
        override hasReturned(request: SipRequest): boolean {
          // The last hop's Via alone, as if a longer way round were none.
          return super.hasReturned(request) && viasOf(request) <= 2;
        }
      },
    }),
  },
  {
    id: 'loops-end-by-hops-only',
    sentence: 'No call that comes back is recognised; only Max-Forwards stops it.',
    collateral: {
      'sip.loop': 'the call comes back unchanged there too',
      'sip.hops.before-auth': 'it too expects 482 for the copy that comes back',
    },
    override: edgeWith({
      LoopGuard: class extends LoopGuard {
        override hasReturned(): boolean {
          return false;
        }
      },
    }),
  },
  {
    id: 'hops-not-lowered-for-returned-call',
    sentence: 'A call that comes back is sent on with the Max-Forwards it came with.',
    override: forwardedOtherwise(({ maxForwards }, request) =>
      viasOf(request) > 1 && maxForwards !== undefined ? { maxForwards: maxForwards + 1 } : {},
    ),
  },
]);

/** Several may stand in one line. */
function viasOf(request: SipRequest): number {
  return request.values('via').join(',').split(',').length;
}
