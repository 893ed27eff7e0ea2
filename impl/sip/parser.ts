import { hasControl } from './control_characters.ts';
import { decimal, equalsIgnoringCase, isLws, isToken, skipLws } from './grammar.ts';
import { parseHeaderSection, type HeaderSection } from './header_section.ts';
import {
  SipMessage,
  SipRequest,
  SipResponse,
  type Dropped,
  type MessageFrame,
  type Parsed,
} from './message.ts';
import { parseNameAddrs, parseOnlyNameAddr } from './name_addr.ts';
import { REFUSALS, type Refusal } from './refusal.ts';
import { parseSipUri, uriScheme } from './uri.ts';
import { parseVia, sentByOf } from './via.ts';

const MAX_URI_CHARACTERS = 4096;
/** The largest body that is taken. */
export const MAX_BODY_OCTETS = 32_768;
/** RFC 3261 8.1.1.5. */
const MAX_CSEQ = 2 ** 31 - 1;
/** A Content-Length over 32 bits is an attack on counters of 32 bits, not a large body. */
const MAX_CONTENT_LENGTH = 4_294_967_295;

const CR = 0x0d;
const LF = 0x0a;

const drop = (why: string): Dropped => ({ kind: 'drop', why });
const KEEP_ALIVE = drop('keep-alive');
const NO_SIP = drop('no start line');
const BAD_RESPONSE = drop('malformed response');
const UNANSWERABLE = drop('malformed request without a usable Via');
const BAD_ACK = drop('malformed ACK');

/** The first line, of a request if `method` is not empty, else of a response. */
interface StartLine {
  readonly method: string;
  readonly uriText: string;
  readonly status: number;
  readonly reasonPhrase: string;
  readonly refusal: Refusal | undefined;
}

/**
 * Reads one datagram, or one message cut from a stream (RFC 3261 section 7). Never throws: for a packet that cannot be
 * processed it returns how to answer it, or that it gets no answer. In a datagram, octets after Content-Length are
 * ignored; on a stream, Content-Length must be there and right (18.3).
 */
export function parseMessage(packet: Buffer, isOfStream = false): Parsed {
  const text = packet.toString('latin1');
  let start = 0;
  while (start < text.length && (text.charCodeAt(start) === CR || text.charCodeAt(start) === LF)) start++;
  if (start === text.length) return KEEP_ALIVE;
  const lineEnd = text.indexOf('\r\n', start);
  if (lineEnd < 0) return NO_SIP;
  const startLine = parseStartLine(text.slice(start, lineEnd));
  const section = parseHeaderSection(text, lineEnd + 2);
  if (hasControl(packet, start, section.bodyStart)) section.refusal ??= REFUSALS.control;
  const available = text.length - section.bodyStart;
  let bodyOctets = available;
  if (section.contentLength !== undefined) {
    bodyOctets = wholeNumber(section.contentLength.value);
    if (bodyOctets < 0 || bodyOctets > available || (isOfStream && bodyOctets < available)) {
      const isOnlyLarge = bodyOctets > MAX_BODY_OCTETS && bodyOctets <= MAX_CONTENT_LENGTH;
      section.refusal ??= isOnlyLarge ? REFUSALS.bodyTooLarge : REFUSALS.contentLength;
      bodyOctets = available;
    }
  } else if (isOfStream) section.refusal ??= REFUSALS.contentLength;
  if (bodyOctets > MAX_BODY_OCTETS) section.refusal ??= REFUSALS.bodyTooLarge;
  const frame: MessageFrame = {
    text,
    headers: section.headers,
    start,
    headersStart: lineEnd + 2,
    bodyStart: section.bodyStart,
    end: section.bodyStart + bodyOctets,
  };
  return startLine.method === '' ? response(frame, startLine, section) : request(frame, startLine, section);
}

function request(frame: MessageFrame, line: StartLine, section: HeaderSection): Parsed {
  const via = section.via && parseVia(section.via.value);
  const from = section.from && parseOnlyNameAddr(section.from.value);
  const to = section.to && parseOnlyNameAddr(section.to.value);
  const callId = section.callId?.value;
  const cseq = section.cseq === undefined ? -1 : cseqNumber(section.cseq.value, line.method);
  const maxForwards = section.maxForwards && wholeNumber(section.maxForwards.value);
  let refusal = line.refusal ?? section.refusal;
  if (refusal === undefined) {
    if (via === undefined) refusal = REFUSALS.via;
    else if (from === undefined) refusal = REFUSALS.from;
    else if (to === undefined) refusal = REFUSALS.to;
    else if (callId === undefined || callId === '' || /\s/.test(callId)) refusal = REFUSALS.callId;
    else if (cseq < 0) refusal = REFUSALS.cseq;
    else if (maxForwards !== undefined && (maxForwards < 0 || maxForwards > 255))
      refusal = REFUSALS.maxForwards;
    else if (line.method === 'REGISTER' && !areContactsWellFormed(section)) refusal = REFUSALS.contact;
    else
      return new SipRequest(frame, line.method, line.uriText, { via, from, to, callId, cseq }, maxForwards);
  }
  if (line.method === 'ACK') return BAD_ACK;
  const answerBy = via ?? (section.via && sentByOf(section.via.value));
  return answerBy === undefined
    ? UNANSWERABLE
    : { kind: 'malformed', ...refusal, message: new SipMessage(frame), via: answerBy };
}

function response(frame: MessageFrame, line: StartLine, section: HeaderSection): Parsed {
  if (line.refusal !== undefined || section.refusal !== undefined || section.cseq === undefined)
    return BAD_RESPONSE;
  const via = section.via && parseVia(section.via.value);
  const from = section.from && parseOnlyNameAddr(section.from.value);
  const to = section.to && parseOnlyNameAddr(section.to.value);
  const callId = section.callId?.value;
  const method = cseqMethod(section.cseq.value);
  const cseq = cseqNumber(section.cseq.value, method);
  if (via === undefined || from === undefined || to === undefined || !callId || cseq < 0) return BAD_RESPONSE;
  return new SipResponse(frame, line.status, line.reasonPhrase, method, { via, from, to, callId, cseq });
}

/** Reads a start line; the parts have exactly one blank between them (RFC 3261 7.1, 7.2). */
function parseStartLine(line: string): StartLine {
  if (equalsIgnoringCase(line, 0, 4, 'sip/')) return parseStatusLine(line);
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  // Even without a token before the first blank `method` is set: so the line is answered, not taken for a response.
  const method = first > 0 ? line.slice(0, first) : line.slice(0, 32) || '?';
  const uriText = last > first ? line.slice(first + 1, last) : '';
  return {
    method,
    uriText,
    status: 0,
    reasonPhrase: '',
    refusal: requestLineRefusal(method, uriText, line.slice(last + 1)),
  };
}

function requestLineRefusal(method: string, uriText: string, version: string): Refusal | undefined {
  if (!isToken(method) || uriText === '') return REFUSALS.requestLine;
  if (version !== 'SIP/2.0' && !equalsIgnoringCase(version, 0, version.length, 'sip/2.0')) {
    return /^SIP\/\d+\.\d+$/i.test(version) ? REFUSALS.version : REFUSALS.requestLine;
  }
  if (uriText.length > MAX_URI_CHARACTERS) return REFUSALS.uriTooLong;
  const scheme = uriScheme(uriText);
  if (scheme === undefined || uriText.includes(' ')) return REFUSALS.requestUri;
  if (scheme !== 'sip' && scheme !== 'sips') return REFUSALS.scheme;
  const uri = parseSipUri(uriText);
  // RFC 3261 19.1.1, RFC 4475 3.1.2.11: URI headers are not allowed in a Request-URI.
  return uri === undefined || uri.headers !== '' ? REFUSALS.requestUri : undefined;
}

function parseStatusLine(line: string): StartLine {
  const status = decimal(line, 8, 11, 3);
  const wellFormed =
    line.startsWith('2.0 ', 4) &&
    status >= 100 &&
    status <= 699 &&
    (line.length === 11 || line.charCodeAt(11) === 0x20) &&
    !/[\r\n]/.test(line);
  return {
    method: '',
    uriText: '',
    status,
    reasonPhrase: line.slice(12),
    refusal: wellFormed ? undefined : REFUSALS.requestLine,
  };
}

/** A Contact is `*` alone, or addresses (RFC 3261 20.10). A REGISTER with any other is refused (RFC 4475 3.1.2.13). */
function areContactsWellFormed(section: HeaderSection): boolean {
  return section.headers.every(
    ({ key, value }) => key !== 'contact' || value === '*' || parseNameAddrs(value) !== undefined,
  );
}

function wholeNumber(value: string): number {
  return decimal(value, 0, value.length);
}

/** The number of a CSeq if its method is `method`, else -1 (RFC 3261 20.16). */
function cseqNumber(value: string, method: string): number {
  let digits = 0;
  while (digits < value.length && !isLws(value.charCodeAt(digits))) digits++;
  const number = decimal(value, 0, digits, 32);
  const methodStart = skipLws(value, digits);
  if (methodStart === digits || number > MAX_CSEQ || value.length - methodStart !== method.length) return -1;
  return value.endsWith(method) ? number : -1;
}

function cseqMethod(value: string): string {
  let end = value.length;
  while (end > 0 && !isLws(value.charCodeAt(end - 1))) end--;
  return value.slice(end);
}
