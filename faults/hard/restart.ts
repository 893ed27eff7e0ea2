import { DialogRouting, type DialogMatch } from '../../impl/edge/dialog_routing.ts';
import { routedRequest } from '../../impl/edge/own_route.ts';
import type { RouteTokens } from '../../impl/edge/route_token.ts';
import { NonceIssuer, type CheckedNonce } from '../../impl/sip/nonce.ts';
import { parseMessage } from '../../impl/sip/parser.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf } from '../fault.ts';

type Asked = Parameters<DialogRouting['matchOf']>;
type RoutingParts = ConstructorParameters<typeof DialogRouting>[0];

export default faultsOf('hard.restart', [
  {
    id: 'calls-forgotten-at-new-start',
    sentence: 'A service that starts anew knows nothing of the calls that stand.',
    override: matchedOtherwise((match, isRemembered) => (isRemembered ? match : undefined)),
  },
  {
    id: 'called-sides-forgotten-at-new-start',
    sentence: 'A service that starts anew goes by the Route of callers, not by that of the called side.',
    override: matchedOtherwise((match, isRemembered) =>
      isRemembered || match?.from === 'caller' ? match : undefined,
    ),
  },
  {
    id: 'listening-callers-not-called-back',
    sentence:
      'A service that starts anew looks for the TCP connection of a caller, and not for where it listens.',
    override: matchedOtherwise((match, isRemembered) => {
      if (isRemembered || match?.from !== 'callee') return match;
      const { address, port } = match.to.endpoint;
      return { ...match, to: { ...match.to, endpoint: { address, port } } };
    }),
  },
  {
    id: 'routes-unproved-after-new-start',
    sentence: 'A service that starts anew takes the Route of a call from anybody, with whatever tags.',
    override: withTokens({ isCallers: () => true }),
  },
  {
    id: 'any-method-after-new-start',
    sentence:
      'A service that starts anew passes on whatever comes with the Route of a call, also what begins something.',
    override: edgeWith({
      DialogRouting: class extends DialogRouting {
        readonly #parts: RoutingParts;

        constructor(parts: RoutingParts) {
          super(parts);
          this.#parts = parts;
        }

        override matchOf(...[routed, ...from]: Asked): DialogMatch | undefined {
          const match = super.matchOf(routed, ...from);
          const { method, text } = routed.request;
          if (match || method === 'CANCEL') return match;
          const asInfo = parseMessage(Buffer.from(text.replaceAll(method, 'INFO'), 'latin1'));
          if (asInfo.kind !== 'request') return undefined;
          return super.matchOf(routedRequest(asInfo, this.#parts.own), ...from);
        }
      },
    }),
  },
  {
    id: 'used-credentials-good-after-new-start',
    sentence:
      'A service that starts anew takes nonces that it issued before, and has forgotten their counts.',
    override: edgeWith({
      NonceIssuer: class extends NonceIssuer {
        override check(nonce: string, now: number): CheckedNonce {
          const checked = super.check(nonce, now);
          return checked.state === 'foreign' ? { state: 'valid', issuedAt: now } : checked;
        }
      },
    }),
  },
]);

/** The edge where `change` has the last word on where a request goes that may belong to a call. */
function matchedOtherwise(
  change: (match: DialogMatch | undefined, isRemembered: boolean) => DialogMatch | undefined,
): Partial<Parts> {
  return edgeWith({
    DialogRouting: class extends DialogRouting {
      readonly #parts: RoutingParts;

      constructor(parts: RoutingParts) {
        super(parts);
        this.#parts = parts;
      }

      override matchOf(...asked: Asked): DialogMatch | undefined {
        const [{ request }, source] = asked;
        const isRemembered = this.#parts.dialogs.find(request, source) !== undefined;
        return change(super.matchOf(...asked), isRemembered);
      }
    },
  });
}

function withTokens(change: Partial<RouteTokens>): Partial<Parts> {
  return edgeWith({
    DialogRouting: class extends DialogRouting {
      constructor({ tokens, ...parts }: RoutingParts) {
        super({ ...parts, tokens: Object.assign(tokens, change) });
      }
    },
  });
}
