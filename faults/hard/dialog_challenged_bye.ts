import { DialogTable, type KnownDialog, type Side } from '../../impl/edge/dialog.ts';
import { forwardedResponse } from '../../impl/sip/serialiser.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('hard.dialog.challenged-bye', [
  {
    id: 'challenged-bye-of-caller-ends-call',
    sentence:
      'A call is over when the caller has sent a BYE, also if the called side has challenged it with 401.',
    override: endedByChallenge('caller', 401),
  },
  {
    id: 'challenged-bye-of-called-side-ends-call',
    sentence:
      'A call is over when the called side has sent a BYE, also if the caller has challenged it with 407.',
    override: endedByChallenge('callee', 407),
  },
]);

/** The edge that takes a dialog for ended after that side's BYE was challenged with that status. */
function endedByChallenge(side: Side, status: 401 | 407): Partial<Parts> {
  const byes = new Map<string, string>();
  const ended = new Set<string>();
  return edgeWith({
    forwardedResponse(response, forwarding) {
      if (response.status === status && byes.has(response.callId)) ended.add(byes.get(response.callId) ?? '');
      return forwardedResponse(response, forwarding);
    },
    DialogTable: class extends DialogTable {
      override find(...[request, source]: Parameters<DialogTable['find']>): KnownDialog | undefined {
        const known = super.find(request, source);
        if (known === undefined || ended.has(known.dialog.key)) return undefined;
        if (request.method === 'BYE' && known.from === side) byes.set(request.callId, known.dialog.key);
        return known;
      }
    },
  });
}
