import {
  decimal,
  equalsIgnoringCase,
  isLws,
  isToken,
  scanParameter,
  skipLws,
  type ParameterSpan,
} from './grammar.ts';
import { endOfHost } from './uri.ts';

/** How a branch begins that is unique across space and time (RFC 3261 8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

/** The port if none is named (RFC 3261 19.1.2). */
export const DEFAULT_PORT = 5060;

/** One value of a Via header (RFC 3261 20.42), with the offsets of what a server rewrites. */
export interface Via {
  /** The header text that holds this value. */
  readonly text: string;
  readonly start: number;
  /** Where this value ends in `text`: at its comma, or at the end of the text. */
  readonly end: number;
  /** Transport as written, such as `UDP`. */
  readonly transport: string;
  /** Host of sent-by as written. */
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  /** Whether the client asks for symmetric response routing (RFC 3581). */
  readonly rport: boolean;
  /** Offsets of its rport and received parameters, semicolon included: pairs of start and end. */
  readonly rewritten: readonly number[];
}

const SENT_PROTOCOL = /SIP[ \t\r\n]*\/[ \t\r\n]*2\.0[ \t\r\n]*\/[ \t\r\n]*([-\w.!%*+`'~]+)[ \t\r\n]+/iy;
const USUAL_PROTOCOL = 'SIP/2.0/UDP ';
const NOTHING: readonly number[] = [];
const span: ParameterSpan = { nameStart: 0, nameEnd: 0, valueStart: 0, valueEnd: 0 };

/** The Via value that starts at `from` in a header's text; undefined if it is malformed. */
export function parseVia(text: string, from = 0): Via | undefined {
  const start = skipLws(text, from);
  let transport = 'UDP';
  let position: number;
  if (text.startsWith(USUAL_PROTOCOL, start)) {
    position = skipLws(text, start + USUAL_PROTOCOL.length);
  } else {
    SENT_PROTOCOL.lastIndex = start;
    const protocol = SENT_PROTOCOL.exec(text);
    if (protocol === null) return undefined;
    transport = protocol[1]!;
    position = SENT_PROTOCOL.lastIndex;
  }
  const hostStart = position;
  position = endOfHost(text, hostStart);
  if (position < 0) return undefined;
  const host = text.slice(hostStart, position);
  position = skipLws(text, position);
  let port: number | undefined;
  if (text.charCodeAt(position) === 0x3a) {
    const digits = skipLws(text, position + 1);
    position = digits;
    while (position < text.length && text.charCodeAt(position) >= 0x30 && text.charCodeAt(position) <= 0x39)
      position++;
    port = decimal(text, digits, position, 5);
    if (port < 1 || port > 65535) return undefined;
    position = skipLws(text, position);
  }
  let branch: string | undefined;
  let rport = false;
  let rewritten: number[] | undefined;
  while (text.charCodeAt(position) === 0x3b) {
    const parameterStart = position;
    position = scanParameter(text, position + 1, span);
    if (position < 0) return undefined;
    const { nameStart, nameEnd, valueStart, valueEnd } = span;
    if (equalsIgnoringCase(text, nameStart, nameEnd, 'branch')) {
      if (branch !== undefined || !isToken(text, valueStart, valueEnd)) return undefined;
      branch = text.slice(valueStart, valueEnd);
    } else if (equalsIgnoringCase(text, nameStart, nameEnd, 'rport')) {
      rport = true;
      (rewritten ??= []).push(parameterStart, position);
    } else if (equalsIgnoringCase(text, nameStart, nameEnd, 'received')) {
      (rewritten ??= []).push(parameterStart, position);
    }
  }
  if (position < text.length && text.charCodeAt(position) !== 0x2c) return undefined;
  return {
    text,
    start,
    end: position,
    transport,
    host,
    port,
    branch,
    rport,
    rewritten: rewritten ?? NOTHING,
  };
}

const SENT_BY =
  /^[^\s,;/]+(?:[ \t]*\/[ \t]*[^\s,;/]+)*[ \t]+([\w.-]{1,255})(?:[ \t]*:[ \t]*(\d{1,5}))?(?=[\s,;]|$)/;

/**
 * Where to answer a request with a malformed Via, which RFC 4475 3.1.2.1 and 3.1.2.16 want answered: sent-by, and
 * whether there is an rport. Undefined if not even sent-by can be read.
 */
export function sentByOf(text: string): Via | undefined {
  const sentBy = SENT_BY.exec(text);
  const port = sentBy?.[2] === undefined ? undefined : Number(sentBy[2]);
  if (sentBy === null || port === 0 || (port !== undefined && port > 65_535)) return undefined;
  const rport = /;[ \t]*rport(?=[\s;,=]|$)/i.test(text);
  const end = text.length;
  return {
    text,
    start: 0,
    end,
    transport: 'UDP',
    host: sentBy[1]!,
    port,
    branch: undefined,
    rport,
    rewritten: NOTHING,
  };
}

/** All Via values of one header text; undefined if one of them is malformed. */
export function parseVias(text: string): Via[] | undefined {
  const values: Via[] = [];
  for (let position = 0; position <= text.length;) {
    const via = parseVia(text, position);
    if (via === undefined) return undefined;
    values.push(via);
    position = via.end + 1;
  }
  return values;
}

/**
 * The whole header text, with the packet's source in this value: as `received` if sent-by names another host, and
 * always as `received` and `rport` if the client asks for rport (RFC 3261 18.2.1, RFC 3581 4). It replaces what the
 * client put there.
 */
export function viaWithSource(via: Via, address: string, port: number): string {
  const { text, rewritten } = via;
  let marked = '';
  let from = 0;
  for (let i = 0; i < rewritten.length; i += 2) {
    marked += text.slice(from, rewritten[i]);
    from = rewritten[i + 1]!;
  }
  let valueEnd = via.end;
  while (valueEnd > from && isLws(text.charCodeAt(valueEnd - 1))) valueEnd--;
  marked += text.slice(from, valueEnd);
  if (via.rport) marked += `;received=${address};rport=${port}`;
  else if (via.host !== address) marked += `;received=${address}`;
  return via.end < text.length ? marked + text.slice(via.end) : marked;
}
