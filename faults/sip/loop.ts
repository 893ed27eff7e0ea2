import type { Branches } from '../../impl/edge/branches.ts';
import { LoopGuard } from '../../impl/edge/loop.ts';
import { OwnAddresses } from '../../impl/edge/own_address.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('sip.loop', [
  {
    id: 'loop-answered-483',
    sentence: 'A request that comes back is answered with 483, as if its hops were used up.',
    collateral: { 'sip.hops.before-auth': 'it too expects 482 for the copy that comes back' },
    override: decidedOtherwise((decision) =>
      decision.reason === 'looped' ? { action: 'refuse', status: 483, reason: 'hops-exhausted' } : decision,
    ),
  },
  {
    id: 'returned-call-taken-for-new',
    sentence: 'A request that comes back is taken for a new one.',
    collateral: { 'sip.hops.before-auth': 'it too expects 482 for the copy that comes back' },
    override: edgeWith({
      LoopGuard: class extends LoopGuard {
        override hasReturned(): boolean {
          return false;
        }
      },
    }),
  },
  {
    id: 'loop-hidden-by-own-route',
    sentence:
      'A request that came by a Route of the service is taken for a new one when it comes back without it.',
    override: edgeWith({
      LoopGuard: class extends LoopGuard {
        constructor(key: Buffer, branches: Branches) {
          super(key, branches, new OwnAddresses([], ''));
        }
      },
    }),
  },
  {
    id: 'spiral-taken-for-loop',
    sentence: 'A request that comes back is answered with 482 whatever its Request-URI.',
    override: edgeWith({
      LoopGuard: class extends LoopGuard {
        readonly #branches: Branches;

        constructor(...[key, branches, own]: ConstructorParameters<typeof LoopGuard>) {
          super(key, branches, own);
          this.#branches = branches;
        }

        override hasReturned(request: SipRequest): boolean {
          return request.values('via').some((value) => value.includes(this.#branches.mark));
        }
      },
    }),
  },
]);
