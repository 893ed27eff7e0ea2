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
  /** What is remembered of the dialog; undefined where its route alone admitted the request. */
  readonly dialog: Dialog | undefined;
}

export interface DialogRoutingParts {
  readonly own: OwnAddresses;
  readonly dialogs: DialogTable;
  readonly tokens: RouteTokens;
  /** The way to the voice platform: the socket that is connected to it. */
  readonly platform: DialogEnd;
  /** Where callers reach this edge, by protocol. */
  readonly outer: Readonly<Record<Protocol, Transport>>;
  /** Where the voice platform reaches this worker of it: the Record-Route the callee sees names it. */
  readonly inner: Transport;
}

/**
 * Which requests belong to a dialog of this edge's, and where they go. What is remembered knows the newest targets,
 * and serves callers that send no Route; the token in the route serves everywhere else: at another worker, after a
 * restart. Either admits a request only from a side of the dialog (rules sip.dialog.in-route, sip.dialog.auth).
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

  /** The callee's Record-Route, and what the caller sees in its place, where a response begins a dialog. */
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

  /** Where a request that has a To tag comes from and goes; undefined where it is of no dialog of this edge's. */
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

  /** Whether the request is of a dialog, be it remembered or proved by its route alone. */
  admits(request: SipRequest, source: SocketAddress): boolean {
    return this.matchOf(routedRequest(request, this.#parts.own), source) !== undefined;
  }

  /** Where the callee is, by a response that begins a dialog. */
  calleeEndIn(response: SipResponse): DialogEnd {
    return this.#calleeEnd(calleeEndpoint(response, this.#parts.own));
  }

  /**
   * Where the callee is after a target refresh of its own: at its Contact, unless the request came over a proxy, which
   * then has recorded its route and stays where it is.
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

  /** One socket is connected to the voice platform. Anybody else on its side is reached by the other. */
  #calleeEnd(endpoint: SocketAddress | undefined): DialogEnd {
    const { platform, inner } = this.#parts;
    const isPlatform =
      endpoint === undefined ||
      (endpoint.address === platform.endpoint.address && endpoint.port === platform.endpoint.port);
    return isPlatform ? platform : { endpoint, transport: inner };
  }
}

/** What identifies the dialog of a caller's request or of a response to it. */
function dialogOf({ callId, from, to }: SipRequest | SipResponse): DialogId {
  return { callId, callerTag: from.tag ?? '', calleeTag: to.tag ?? '' };
}

function hasFurtherRoute(request: SipRequest): boolean {
  const routes = request.values('route');
  return routes.length > 1 || (routes[0]?.includes(',') ?? false);
}
