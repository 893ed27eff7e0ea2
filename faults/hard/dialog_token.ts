import { DialogTable, type Dialog } from '../../impl/edge/dialog.ts';
import { type DialogMatch, DialogRouting } from '../../impl/edge/dialog_routing.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf } from '../fault.ts';

/** A request that is to be routed, and how the service routes it. */
interface RoutedCase {
  readonly routed: Parameters<DialogRouting['matchOf']>[0];
  readonly match: DialogMatch | undefined;
}

export default faultsOf('hard.dialog.token', [
  {
    id: 'route-outlives-call',
    sentence: 'A request with the Route of a call goes to the called side when the call has long ended.',
    collateral: { 'hard.dialog.revived': 'the Route of a call that has ended is tried there too' },
    override: edgeWith({
      DialogRouting: class extends DialogRouting {
        constructor({ tokens, dialogs, ...parts }: ConstructorParameters<typeof DialogRouting>[0]) {
          super({
            ...parts,
            dialogs: Object.assign(dialogs, { hasEnded: () => false }),
            tokens: Object.assign(tokens, { isOwn: () => false }),
          });
        }
      },
    }),
  },
  {
    id: 'bye-of-called-side-ends-nothing',
    sentence: 'When the called side has hung up, the caller can still send requests of that call.',
    override: edgeWith({
      DialogTable: class extends DialogTable {
        /** The dialogs whose called side spoke last. */
        readonly #spoken = new Set<Dialog>();

        override find(...[request, source]: Parameters<DialogTable['find']>) {
          const known = super.find(request, source);
          if (known?.from === 'callee' && request.method === 'BYE') this.#spoken.add(known.dialog);
          return known;
        }

        override end(key: string): void {
          if (![...this.#spoken].some((dialog) => dialog.key === key)) super.end(key);
        }
      },
    }),
  },
  {
    id: 'request-uri-leads-to-any-port',
    sentence: "A request of a call goes to the port that its Request-URI names on the called side's host.",
    override: routedOtherwise(({ routed: { request }, match }) => {
      const { host, port } = request.uri;
      const isMeant = match?.from === 'caller' && host === match.to.endpoint.address && port !== undefined;
      return isMeant && port !== match.to.endpoint.port
        ? { ...match, to: { ...match.to, endpoint: { address: host, port } } }
        : match;
    }),
  },
]);

/** The edge where `change` has the last word on where a request of a call goes. */
function routedOtherwise(change: (asked: RoutedCase) => DialogMatch | undefined): Partial<Parts> {
  return edgeWith({
    DialogRouting: class extends DialogRouting {
      readonly #inner: ConstructorParameters<typeof DialogRouting>[0]['inner'];

      constructor(parts: ConstructorParameters<typeof DialogRouting>[0]) {
        super(parts);
        this.#inner = parts.inner;
      }

      override matchOf(...[routed, source, transport]: Parameters<DialogRouting['matchOf']>) {
        const match = super.matchOf(routed, source, transport);
        const other = change({ routed, match });
        // The platform's own socket reaches no other port.
        return other === undefined || other === match
          ? other
          : { ...other, to: { ...other.to, transport: this.#inner } };
      }
    },
  });
}
