import type { SipRequest } from '../sip/message.ts';
import { parseNameAddr, parseNameAddrs } from '../sip/name_addr.ts';
import { parseMessage } from '../sip/parser.ts';
import type { OwnAddresses } from './own_address.ts';
import { parseRouteToken, type RouteToken } from './route_token.ts';

/** A request after the preprocessing of its route (RFC 3261 16.4). */
export interface RoutedRequest {
  readonly request: SipRequest;
  /** Whether the first Route value names this edge, and must be removed. */
  readonly popsRoute: boolean;
  /** The token in the route entry that names this edge; its MAC is not checked yet. */
  readonly token: RouteToken | undefined;
}

/**
 * Finds this edge's own entry in the request's route: the first Route value, or, with a token, the Request-URI if the
 * previous hop is a strict router, whose changes are then undone.
 */
export function routedRequest(request: SipRequest, own: OwnAddresses): RoutedRequest {
  const value = request.value('route');
  const first = value === undefined ? undefined : parseNameAddr(value)?.uri;
  if (first !== undefined && own.isNamed(first)) {
    return { request, popsRoute: true, token: parseRouteToken(first.user) };
  }
  const { host, port, user } = request.uri;
  const token = own.isSocket(host, port) ? parseRouteToken(user) : undefined;
  return { request: token === undefined ? request : looselyRouted(request), popsRoute: false, token };
}

/** The request with its last Route value as Request-URI; unchanged if it has none that can be read. */
function looselyRouted(request: SipRequest): SipRequest {
  const field = request.headers.findLast(({ key }) => key === 'route');
  const targets = field && parseNameAddrs(field.value);
  if (targets === undefined) return request;
  const { start, end, value } = field!;
  const before = targets.at(-2);
  const rest = before === undefined ? '' : `Route: ${value.slice(0, before.end)}\r\n`;
  const text =
    `${request.method} ${targets.at(-1)!.uriText} SIP/2.0\r\n` +
    request.text.slice(request.headersStart, start) +
    rest +
    request.text.slice(end, request.end);
  const rewritten = parseMessage(Buffer.from(text, 'latin1'));
  return rewritten.kind === 'request' ? rewritten : request;
}
