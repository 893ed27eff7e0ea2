import type { HeaderField, SipMessage, SipRequest, SipResponse } from './message.ts';
import { withoutFirstValue } from './name_addr.ts';

/** Reason phrases of RFC 3261 section 21, for the responses this stack makes itself. */
const REASON_PHRASES: Readonly<Record<number, string>> = {
  100: 'Trying',
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  487: 'Request Terminated',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
};

/** The parts of a response that do not come from its request. */
export interface ResponseContent {
  readonly status: number;
  /** Default: the standard's phrase. */
  readonly reasonPhrase?: string;
  /** Added to To if the request's To has no tag; a 100 needs none. */
  readonly toTag?: string;
  /** Further header fields: name, value. Line breaks in a value become blanks. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/**
 * A response to `request` (RFC 3261 8.2.6.2). It copies Via (the topmost field replaced by `topVia`), From, To, Call-ID
 * and CSeq as written, in their order; in a 100 also Timestamp, and if a dialog may begin also Record-Route (12.1.1).
 */
export function responseTo(request: SipMessage, topVia: string, content: ResponseContent): Buffer {
  const { status } = content;
  const copiesRecordRoute = status > 100 && status < 300;
  let text = `SIP/2.0 ${status} ${oneLine(content.reasonPhrase ?? REASON_PHRASES[status] ?? '')}\r\n`;
  let isTopVia = true;
  for (const field of request.headers) {
    switch (field.key) {
      case 'via':
        text += isTopVia ? `Via: ${topVia}\r\n` : line(request, field);
        isTopVia = false;
        break;
      case 'to':
        text += toLine(request, field, content.toTag);
        break;
      case 'from':
      case 'call-id':
      case 'cseq':
        text += line(request, field);
        break;
      case 'timestamp':
        if (status === 100) text += line(request, field);
        break;
      case 'record-route':
        if (copiesRecordRoute) text += line(request, field);
        break;
      default:
    }
  }
  if (content.headers !== undefined) {
    for (const [name, value] of content.headers) text += `${name}: ${oneLine(value)}\r\n`;
  }
  return Buffer.from(`${text}Content-Length: 0\r\n\r\n`, 'latin1');
}

/** How a forwarded request differs from the received one (RFC 3261 16.6). Everything else is copied octet for octet. */
export interface RequestForwarding {
  /** Value of the Via to put on top. */
  readonly via: string;
  /** Value of the received topmost Via field, marked with the packet's source. */
  readonly receivedVia: string;
  /** Value of the Record-Route to put on top; undefined for none. */
  readonly recordRoute: string | undefined;
  readonly maxForwards: number;
  /** Whether to remove the first Route value, because it names this proxy. */
  readonly popsRoute: boolean;
  /** Whether to leave this field out. */
  drops(field: HeaderField): boolean;
}

/** The request as it leaves for the next hop. */
export function forwardedRequest(request: SipRequest, forwarding: RequestForwarding): Buffer {
  const { text } = request;
  let forwarded = `${text.slice(request.start, request.headersStart)}Via: ${forwarding.via}\r\n`;
  if (forwarding.recordRoute !== undefined) forwarded += `Record-Route: ${forwarding.recordRoute}\r\n`;
  if (request.maxForwards === undefined) forwarded += `Max-Forwards: ${forwarding.maxForwards}\r\n`;
  let unchangedFrom = request.headersStart;
  let isTopVia = true;
  let popsRoute = forwarding.popsRoute;
  for (const field of request.headers) {
    let replacement: string;
    if (field.key === 'via' && isTopVia) {
      isTopVia = false;
      replacement = `Via: ${forwarding.receivedVia}\r\n`;
    } else if (field.key === 'max-forwards') {
      replacement = `Max-Forwards: ${forwarding.maxForwards}\r\n`;
    } else if (field.key === 'route' && popsRoute) {
      popsRoute = false;
      const rest = withoutFirstValue(field.value);
      replacement = rest === '' ? '' : `Route: ${rest}\r\n`;
    } else if (forwarding.drops(field)) {
      replacement = '';
    } else continue;
    forwarded += text.slice(unchangedFrom, field.start) + replacement;
    unchangedFrom = field.end;
  }
  return Buffer.from(forwarded + text.slice(unchangedFrom, request.end), 'latin1');
}

/** Replaces this element's Record-Route value `from` in a response with `to` (RFC 3261 16.7, step 8). */
export interface RouteRewrite {
  readonly from: string;
  readonly to: string;
}

/**
 * The response as it goes back upstream: without its topmost Via value (RFC 3261 16.7, step 3), and with this
 * element's Record-Route rewritten if `rewrite` is given and the response has it.
 */
export function forwardedResponse(response: SipResponse, rewrite?: RouteRewrite): Buffer {
  const { text } = response;
  const via = response.field('via')!;
  const rest = withoutFirstValue(via.value);
  const replacement = rest === '' ? '' : `Via: ${rest}\r\n`;
  const forwarded = text.slice(response.start, via.start) + replacement + text.slice(via.end, response.end);
  return Buffer.from(rewrite === undefined ? forwarded : withRewritten(forwarded, rewrite), 'latin1');
}

function withRewritten(message: string, { from, to }: RouteRewrite): string {
  const at = message.indexOf(from);
  if (at < 0 || at > message.indexOf('\r\n\r\n')) return message;
  return message.slice(0, at) + to + message.slice(at + from.length);
}

/** What a hop-by-hop ACK or CANCEL takes from the INVITE it belongs to. */
export interface SentInvite {
  /** The INVITE as received; it was sent with the same Request-URI, From, Call-ID and CSeq. */
  readonly request: SipRequest;
  /** Value of the Via that this element put on top. */
  readonly via: string;
  /** Whether the first Route value was removed. */
  readonly popsRoute: boolean;
}

/** The CANCEL for a sent INVITE (RFC 3261 9.1). */
export function cancelOf(invite: SentInvite): Buffer {
  const to = invite.request.field('to')!;
  return hopByHopRequest('CANCEL', invite, line(invite.request, to));
}

/** The ACK for a final response other than 2xx to a sent INVITE (RFC 3261 17.1.1.3). */
export function ackOf(invite: SentInvite, response: SipResponse): Buffer {
  return hopByHopRequest('ACK', invite, line(response, response.field('to')!));
}

function hopByHopRequest(method: 'ACK' | 'CANCEL', invite: SentInvite, to: string): Buffer {
  const { request } = invite;
  let text = `${method} ${request.uriText} SIP/2.0\r\nVia: ${invite.via}\r\nMax-Forwards: 70\r\n${to}`;
  let popsRoute = invite.popsRoute;
  for (const field of request.headers) {
    if (field.key === 'from' || field.key === 'call-id') text += line(request, field);
    else if (field.key === 'route') {
      const value = popsRoute ? withoutFirstValue(field.value) : field.value;
      popsRoute = false;
      if (value !== '') text += `Route: ${value}\r\n`;
    }
  }
  return Buffer.from(`${text}CSeq: ${request.cseq} ${method}\r\nContent-Length: 0\r\n\r\n`, 'latin1');
}

/** A field's whole line as received, its line break included. */
function line(message: SipMessage, field: HeaderField): string {
  return message.text.slice(field.start, field.end);
}

function toLine(request: SipMessage, field: HeaderField, tag: string | undefined): string {
  const whole = line(request, field);
  if (tag === undefined || /;[ \t\r\n]*tag[ \t\r\n]*=/i.test(afterAddress(field.value))) return whole;
  return `To: ${field.value};tag=${tag}\r\n`;
}

/** The text after the address: a `tag` in the brackets or the display name is not the tag parameter. */
function afterAddress(value: string): string {
  return value.slice(value.lastIndexOf('>') + 1);
}

/** Foreign text must not start a new line in what this stack writes itself. */
function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? value.replace(/[\r\n]+/g, ' ') : value;
}
