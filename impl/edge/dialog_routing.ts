import type { SocketAddress } from '../net/socket_address.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { RouteRewrite } from '../sip/serialiser.ts';
import type { Transport } from '../sip/transport.ts';
import {
  calleeEndpoint,
  contactEndpoint,
  targetAt,
  type Dialog,
  type DialogEnd,
  type DialogTable,
  type Side,
} from './dialog.ts';
import type { OwnAddresses } from './own_address.ts';
import { routedRequest, type RoutedRequest } from './own_route.ts';
import type { DialogId, Protocol, RouteToken, RouteTokens } from './route_token.ts';

/** Where an in-dialog request comes from and goes. */
export interface DialogMatch {
  readonly from: Side;
  readonly to: DialogEnd;
  /** The dialog, if it is remembered; undefined if the token in the route alone admitted the request. */
  readonly dialog: Dialog | undefined;
}

/** What dialog routing works with. */
export interface DialogRoutingParts {
  readonly own: OwnAddresses;
  readonly dialogs: DialogTable;
  readonly tokens: RouteTokens;
  /** The way to the voice platform: the socket that is connected to it. */
  readonly platform: DialogEnd;
  /** Where callers reach this edge, by protocol. */
  readonly outer: Readonly<Record<Protocol, Transport>>;
  /** Where the voice platform reaches this worker. The Record-Route that the callee sees names it. */
  readonly inner: Transport;
}

/**
 * Which requests belong to a dialog of this edge, and where they go. The dialog table knows the newest targets, and
 * serves callers that send no Route. The token in the route serves where the table has no entry: at another worker,
 * after a restart. Both admit a request only from a side of the dialog (rules sip.dialog.in-route, sip.dialog.auth).
 */
export class DialogRouting {
  readonly #parts: DialogRoutingParts;

  constructor(parts: DialogRoutingParts) {
    this.#parts = parts;
  }

  /** The Record-Route of a call towards the callee. */
  routeForCallee(invite: SipRequest, caller: DialogEnd): string {
    const { tokens, inner } = this.#parts;
    const { endpoint, transport } = caller;
    const token = tokens.forCallee(invite.callId, invite.from.tag ?? '', endpoint, transport.protocol);
    return `<sip:${token}@${inner.address}:${inner.port};lr>`;
  }

  /** For a response that begins a dialog: the Record-Route the callee saw, and the one the caller gets instead. */
  rewriteForCaller(
    response: SipResponse,
    recorded: string,
    source: SocketAddress,
    ends: { readonly caller: DialogEnd; readonly callee: DialogEnd },
  ): RouteRewrite {
    const { tokens, outer } = this.#parts;
    const { protocol } = ends.caller.transport;
    const { address, port } = outer[protocol];
    const token = tokens.forCaller(dialogOf(response), source.address, ends.callee.endpoint);
    const transport = protocol === 'UDP' ? '' : `;transport=${protocol.toLowerCase()}`;
    return { from: recorded, to: `<sip:${token}@${address}:${port}${transport};lr>` };
  }

  /** Where an in-dialog request comes from and goes; undefined if it belongs to no dialog of this edge. */
  matchOf(routed: RoutedRequest, source: SocketAddress): DialogMatch | undefined {
    const { request, token } = routed;
    if (request.to.tag === undefined) return undefined;
    const known = this.#parts.dialogs.find(request, source);
    if (known !== undefined) {
      const { dialog, from } = known;
      return { from, to: from === 'caller' ? dialog.callee : dialog.caller, dialog };
    }
    if (token === undefined) return undefined;
    return token.holder === 'caller'
      ? this.#matchOfCaller(token, routed, source)
      : this.#matchOfCallee(token, request, source);
  }

  /** Whether the request belongs to a dialog that is remembered, or that its route proves. */
  admits(request: SipRequest, source: SocketAddress): boolean {
    return this.matchOf(routedRequest(request, this.#parts.own), source) !== undefined;
  }

  /** Where the callee is, according to a response that begins a dialog. */
  calleeEndIn(response: SipResponse): DialogEnd {
    return this.#calleeEnd(calleeEndpoint(response, this.#parts.own));
  }

  /**
   * Where the callee is after it has refreshed its target: at its Contact. If the request came through a proxy, that
   * proxy has recorded its route, and nothing changes.
   */
  calleeEndAfter(request: SipRequest, current: DialogEnd): DialogEnd {
    const vias = request.values('via');
    const isDirect = vias.length === 1 && !vias[0]!.includes(',');
    const endpoint = isDirect ? contactEndpoint(request) : undefined;
    return endpoint === undefined ? current : this.#calleeEnd(endpoint);
  }

  #matchOfCaller(
    token: RouteToken & { holder: 'caller' },
    { request, popsRoute }: RoutedRequest,
    source: SocketAddress,
  ): DialogMatch | undefined {
    if (!this.#parts.tokens.isCallers(token, dialogOf(request), source.address)) return undefined;
    const isLastRoute = !popsRoute || !hasFurtherRoute(request);
    const endpoint = isLastRoute ? targetAt(token.callee, request.uri, 'UDP') : token.callee;
    return { from: 'caller', to: this.#calleeEnd(endpoint), dialog: undefined };
  }

  #matchOfCallee(
    token: RouteToken & { holder: 'callee' },
    request: SipRequest,
    source: SocketAddress,
  ): DialogMatch | undefined {
    const { tokens, platform, outer } = this.#parts;
    if (source.address !== platform.endpoint.address) return undefined;
    if (!tokens.isCallees(token, request.callId, request.to.tag ?? '')) return undefined;
    const endpoint = targetAt(token.caller, request.uri, token.protocol);
    return { from: 'callee', to: { endpoint, transport: outer[token.protocol] }, dialog: undefined };
  }

  /** One socket is connected to the voice platform. Any other address on the callee's side is reached from `inner`. */
  #calleeEnd(endpoint: SocketAddress | undefined): DialogEnd {
    const { platform, inner } = this.#parts;
    const isPlatform =
      endpoint === undefined ||
      (endpoint.address === platform.endpoint.address && endpoint.port === platform.endpoint.port);
    return isPlatform ? platform : { endpoint, transport: inner };
  }
}

/** The dialog of a caller's request, or of a response to one. */
function dialogOf({ callId, from, to }: SipRequest | SipResponse): DialogId {
  return { callId, callerTag: from.tag ?? '', calleeTag: to.tag ?? '' };
}

function hasFurtherRoute(request: SipRequest): boolean {
  const routes = request.values('route');
  return routes.length > 1 || (routes[0]?.includes(',') ?? false);
}
