import type { SocketAddress } from '../net/socket_address.ts';
import type { SipMessage, SipRequest, SipResponse } from '../sip/message.ts';
import type { RouteRewrite } from '../sip/serialiser.ts';
import type { Transport } from '../sip/transport.ts';
import {
  calleeEndpoint,
  contactEndpoint,
  dialogIdIn,
  type CalleeEnd,
  type Dialog,
  type DialogEnd,
  type DialogEnds,
  type DialogTable,
  type Side,
} from './dialog.ts';
import type { OwnAddresses } from './own_address.ts';
import type { RoutedRequest } from './own_route.ts';
import type { DialogId, Protocol, RouteToken, RouteTokens } from './route_token.ts';

/** Where an in-dialog request comes from and goes. */
export interface DialogMatch {
  readonly from: Side;
  readonly to: DialogEnd;
  /** Its dialog; not in the table if the token in the route alone admitted the request. */
  readonly dialog: Dialog;
}

/** A Record-Route value of this edge, and the token in it. */
export interface RecordedRoute {
  readonly token: string;
  readonly value: string;
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

/** What a call cannot do without. A token alone admits nothing else: the dialog may have ended long ago. */
const METHODS_BY_TOKEN: ReadonlySet<string> = new Set(['ACK', 'BYE', 'INFO', 'INVITE', 'PRACK', 'UPDATE']);

/**
 * Which requests belong to a dialog of this edge, and where they go: to an end that the dialog table or a token names,
 * never to one that the request itself names. The table knows the newest targets, and serves callers that send no
 * Route. The token in the route serves where the table has no entry: at another worker, after a restart. Both admit a
 * request only from a side of the dialog (rules sip.dialog.in-route, sip.dialog.auth, hard.dialog.token).
 */
export class DialogRouting {
  readonly #parts: DialogRoutingParts;

  constructor(parts: DialogRoutingParts) {
    this.#parts = parts;
  }

  /** The Record-Route towards the callee of a call that this caller began. */
  routeForCallee(call: Omit<DialogId, 'calleeTag'>, { endpoint, transport }: DialogEnd): RecordedRoute {
    const { tokens, inner } = this.#parts;
    const token = tokens.forCallee(call.callId, call.callerTag, endpoint, transport.protocol);
    return { token, value: `<sip:${token}@${inner.address}:${inner.port};lr>` };
  }

  /** The Record-Route towards the caller. */
  routeForCaller(dialog: DialogId, { caller, callee }: DialogEnds): RecordedRoute {
    const { tokens, outer } = this.#parts;
    const { protocol } = caller.transport;
    const { address, port } = outer[protocol];
    const token = tokens.forCaller(dialog, caller.endpoint.address, callee.endpoint);
    const transport = protocol === 'UDP' ? '' : `;transport=${protocol.toLowerCase()}`;
    return { token, value: `<sip:${token}@${address}:${port}${transport};lr>` };
  }

  /** For a response of the callee: replaces the Record-Route that its request left with by the caller's. */
  rewriteForCaller(response: SipResponse, recorded: RecordedRoute, ends: DialogEnds): RouteRewrite {
    return { user: recorded.token, to: this.routeForCaller(dialogIdIn(response, 'caller'), ends).value };
  }

  /** Where an in-dialog request comes from and goes; undefined if it belongs to no dialog of this edge. */
  matchOf(
    { request, token }: RoutedRequest,
    source: SocketAddress,
    transport: Transport,
  ): DialogMatch | undefined {
    if (request.to.tag === undefined) return undefined;
    const { dialogs, tokens } = this.#parts;
    const known = dialogs.find(request, source);
    if (known !== undefined) {
      const { dialog, from } = known;
      return { from, to: from === 'caller' ? dialog.callee : dialog.caller, dialog };
    }
    if (token === undefined || !METHODS_BY_TOKEN.has(request.method)) return undefined;
    // The dialogs of this process are remembered until they end.
    if (tokens.isOwn(token) || dialogs.hasEnded(request)) return undefined;
    return token.holder === 'caller'
      ? this.#matchOfCaller(token, request, source, transport)
      : this.#matchOfCallee(token, request, source);
  }

  /** Where the callee is, according to a response that begins a dialog. */
  calleeEndIn(response: SipResponse): CalleeEnd {
    const { endpoint, isBehindProxy } = calleeEndpoint(response, this.#parts.own);
    return { ...this.#calleeEnd(endpoint), isBehindProxy };
  }

  /**
   * Where the callee is after it has refreshed its target by this message: at its Contact. A proxy on its side that has
   * recorded a route stays in between.
   */
  calleeEndAfter(message: SipMessage, current: CalleeEnd): CalleeEnd {
    const endpoint = current.isBehindProxy ? undefined : contactEndpoint(message);
    return endpoint === undefined ? current : { ...this.#calleeEnd(endpoint), isBehindProxy: false };
  }

  #matchOfCaller(
    token: RouteToken & { holder: 'caller' },
    request: SipRequest,
    source: SocketAddress,
    transport: Transport,
  ): DialogMatch | undefined {
    const { tokens, dialogs } = this.#parts;
    if (!tokens.isCallers(token, dialogIdIn(request, 'caller'), source.address)) return undefined;
    // Whether the callee is a proxy is not known, so it stays where it is.
    const callee = { ...this.#calleeEnd(token.callee), isBehindProxy: true };
    const caller = { endpoint: source, transport };
    return { from: 'caller', to: callee, dialog: dialogs.proved(request, 'caller', { caller, callee }) };
  }

  #matchOfCallee(
    token: RouteToken & { holder: 'callee' },
    request: SipRequest,
    source: SocketAddress,
  ): DialogMatch | undefined {
    const { tokens, platform, dialogs, outer } = this.#parts;
    if (source.address !== platform.endpoint.address) return undefined;
    if (!tokens.isCallees(token, request.callId, request.to.tag ?? '')) return undefined;
    const caller = { endpoint: token.caller, transport: outer[token.protocol] };
    const isBehindProxy = hasSeveralVias(request);
    const endpoint = (isBehindProxy ? undefined : contactEndpoint(request)) ?? source;
    const callee = { ...this.#calleeEnd(endpoint), isBehindProxy };
    return { from: 'callee', to: caller, dialog: dialogs.proved(request, 'callee', { caller, callee }) };
  }

  /** One socket is connected to the voice platform. Any other address on the callee's side is reached from `inner`. */
  #calleeEnd(endpoint: SocketAddress = this.#parts.platform.endpoint): DialogEnd {
    const { platform, inner } = this.#parts;
    const { address, port } = platform.endpoint;
    return endpoint.address === address && endpoint.port === port ? platform : { endpoint, transport: inner };
  }
}

function hasSeveralVias(request: SipRequest): boolean {
  const vias = request.values('via');
  return vias.length > 1 || vias[0]!.includes(',');
}
