import { SipRequest, type HeaderField, type SipMessage, type SipResponse } from './message.ts';
import { parseNameAddr, withoutFirstValue } from './name_addr.ts';
import { REASON_PHRASES } from './reason_phrases.ts';

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
 * and CSeq as written, in their order; in a 100 also Timestamp. No dialog begins with it, so Record-Route is not copied.
 */
export function responseTo(request: SipMessage, topVia: string, content: ResponseContent): Buffer {
  const { status } = content;
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
      default:
    }
  }
  if (content.headers !== undefined) {
    for (const [name, value] of content.headers) text += `${name}: ${oneLine(value)}\r\n`;
  }
  return Buffer.from(`${text}Content-Length: 0\r\n\r\n`, 'latin1');
}

/** What becomes of a request's Route: its first value names this proxy, or it must not leave at all. */
export type RouteChange = 'keep' | 'removeFirst' | 'removeAll';

/** How a forwarded request differs from the received one (RFC 3261 16.6). Everything else is copied octet for octet. */
export interface RequestForwarding {
  /** Value of the Via to put on top. */
  readonly via: string;
  /** Value of the received topmost Via field, marked with the packet's source. */
  readonly receivedVia: string;
  /** Value of the Record-Route to put on top; undefined for none. */
  readonly recordRoute: string | undefined;
  readonly maxForwards: number;
  readonly route: RouteChange;
  /** Whether it leaves over a stream, where every message has a Content-Length (18.3). */
  readonly isOverStream: boolean;
  /** Whether to leave this field out. */
  drops(field: HeaderField): boolean;
}

/** The request as it leaves for the next hop. */
export function forwardedRequest(request: SipRequest, forwarding: RequestForwarding): Buffer {
  const { text } = request;
  let forwarded = `${text.slice(request.start, request.headersStart)}Via: ${forwarding.via}\r\n`;
  if (forwarding.recordRoute !== undefined) forwarded += `Record-Route: ${forwarding.recordRoute}\r\n`;
  if (request.maxForwards === undefined) forwarded += `Max-Forwards: ${forwarding.maxForwards}\r\n`;
  if (forwarding.isOverStream) forwarded += missingLength(request);
  let unchangedFrom = request.headersStart;
  let isTopVia = true;
  let { route } = forwarding;
  for (const field of request.headers) {
    let replacement: string;
    if (field.key === 'via' && isTopVia) {
      isTopVia = false;
      replacement = `Via: ${forwarding.receivedVia}\r\n`;
    } else if (field.key === 'max-forwards') {
      replacement = `Max-Forwards: ${forwarding.maxForwards}\r\n`;
    } else if (field.key === 'route' && route !== 'keep') {
      replacement = changedRoute(field, route);
      if (route === 'removeFirst') route = 'keep';
    } else if (forwarding.drops(field)) {
      replacement = '';
    } else continue;
    forwarded += text.slice(unchangedFrom, field.start) + replacement;
    unchangedFrom = field.end;
  }
  return Buffer.from(forwarded + text.slice(unchangedFrom, request.end), 'latin1');
}

/** The Route line after its change; empty if nothing is left. */
function changedRoute(field: HeaderField, change: RouteChange): string {
  if (change === 'removeAll') return '';
  const rest = change === 'keep' ? field.value : withoutFirstValue(field.value);
  return rest === '' ? '' : `Route: ${rest}\r\n`;
}

/** What every message over a stream has; empty if this one has it. */
function missingLength(message: SipMessage): string {
  return message.field('content-length') === undefined
    ? `Content-Length: ${message.end - message.bodyStart}\r\n`
    : '';
}

/**
 * Replaces this element's Record-Route value in a response (RFC 3261 16.7, step 8). The value is known by the user part
 * of its URI, whatever the other side has changed around it.
 */
export interface RouteRewrite {
  readonly user: string;
  readonly to: string;
}

/** How a forwarded response differs from the received one, besides its topmost Via value (RFC 3261 16.7, step 3). */
export interface ResponseForwarding {
  /** Undefined: Record-Route stays as it is. */
  readonly rewrite: RouteRewrite | undefined;
  /** Whether it leaves over a stream, where every message has a Content-Length (18.3). */
  readonly isOverStream: boolean;
}

/** The response as it goes back upstream. */
export function forwardedResponse(response: SipResponse, forwarding: ResponseForwarding): Buffer {
  const { text } = response;
  const { rewrite, isOverStream } = forwarding;
  let forwarded = text.slice(response.start, response.headersStart);
  if (isOverStream) forwarded += missingLength(response);
  let unchangedFrom = response.headersStart;
  let isTopVia = true;
  for (const field of response.headers) {
    let replacement: string | undefined;
    if (field.key === 'via' && isTopVia) {
      isTopVia = false;
      const rest = withoutFirstValue(field.value);
      replacement = rest === '' ? '' : `Via: ${rest}\r\n`;
    } else if (rewrite !== undefined && field.key === 'record-route') {
      replacement = rewrittenRoute(field, rewrite);
    }
    if (replacement === undefined) continue;
    forwarded += text.slice(unchangedFrom, field.start) + replacement;
    unchangedFrom = field.end;
  }
  return Buffer.from(forwarded + text.slice(unchangedFrom, response.end), 'latin1');
}

/** The field with the value replaced whose URI has that user; undefined if it has none. */
function rewrittenRoute({ value }: HeaderField, { user, to }: RouteRewrite): string | undefined {
  if (!value.includes(user)) return undefined;
  for (let start = 0; start < value.length;) {
    const route = parseNameAddr(value, start);
    if (route === undefined) return undefined;
    if (route.uri?.user === user)
      return `Record-Route: ${value.slice(0, start)}${to}${value.slice(route.end)}\r\n`;
    start = route.end + 1;
  }
  return undefined;
}

/** What a hop-by-hop ACK or CANCEL takes from the INVITE it belongs to. */
export interface SentInvite {
  /** The INVITE as received; it was sent with the same Request-URI, From, Call-ID and CSeq. */
  readonly request: SipRequest;
  /** Value of the Via that this element put on top. */
  readonly via: string;
  /** What became of its Route. */
  readonly route: RouteChange;
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
  let { route } = invite;
  for (const field of request.headers) {
    if (field.key === 'from' || field.key === 'call-id') text += line(request, field);
    else if (field.key === 'route') {
      text += changedRoute(field, route);
      if (route === 'removeFirst') route = 'keep';
    }
  }
  return Buffer.from(`${text}CSeq: ${request.cseq} ${method}\r\nContent-Length: 0\r\n\r\n`, 'latin1');
}

/** A field's whole line as received, its line break included. */
function line(message: SipMessage, field: HeaderField): string {
  return message.text.slice(field.start, field.end);
}

function toLine(message: SipMessage, field: HeaderField, tag: string | undefined): string {
  if (tag === undefined || hasTag(message, field)) return line(message, field);
  return `To: ${field.value};tag=${tag}\r\n`;
}

/** Whether To has a tag. To one that cannot be read nothing is added: it may have one. */
function hasTag(message: SipMessage, { value }: HeaderField): boolean {
  const to = message instanceof SipRequest ? message.to : parseNameAddr(value);
  return to === undefined || to.tag !== undefined;
}

/** Foreign text must not start a new line in what this stack writes itself. */
function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? value.replace(/[\r\n]+/g, ' ') : value;
}
