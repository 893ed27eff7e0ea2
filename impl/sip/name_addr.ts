import {
  endOfListItem,
  equalsIgnoringCase,
  isLws,
  isToken,
  isTokenCharacter,
  scanParameter,
  skipLws,
  skipQuoted,
  type ParameterSpan,
} from './grammar.ts';
import { parseSipUri, uriScheme, type SipUri } from './uri.ts';

/** One value of From, To, Contact, Route or Record-Route (RFC 3261 20.10, 25.1: name-addr or addr-spec). */
export class NameAddr {
  /** The URI as written. */
  readonly uriText: string;
  /** The tag parameter. */
  readonly tag: string | undefined;
  /** Where this value ends in the header's text: at its comma, or at the end of the text. */
  readonly end: number;
  #uri: SipUri | undefined | null = null;

  constructor(uriText: string, tag: string | undefined, end: number) {
    this.uriText = uriText;
    this.tag = tag;
    this.end = end;
  }

  /** The URI, parsed; undefined if it is malformed or its scheme is not SIP or SIPS. */
  get uri(): SipUri | undefined {
    if (this.#uri === null) this.#uri = parseSipUri(this.uriText);
    return this.#uri;
  }
}

const span: ParameterSpan = { nameStart: 0, nameEnd: 0, valueStart: 0, valueEnd: 0 };

/** The value that starts at `start` in a header's text; undefined if it is malformed. */
export function parseNameAddr(text: string, start = 0): NameAddr | undefined {
  const first = skipLws(text, start);
  const open = openingBracket(text, first);
  if (open === -1) return undefined;
  let uriText: string;
  let position: number;
  if (open >= 0) {
    const close = text.indexOf('>', open);
    if (close < 0) return undefined;
    uriText = text.slice(open + 1, close);
    position = skipLws(text, close + 1);
  } else {
    position = first;
    while (position < text.length && !endsBareUri(text.charCodeAt(position))) position++;
    uriText = text.slice(first, position);
    position = skipLws(text, position);
  }
  // RFC 4475 3.1.2.14: blanks inside the brackets are malformed.
  if (uriText === '' || uriScheme(uriText) === undefined || /[\s<>"]/.test(uriText)) return undefined;
  let tag: string | undefined;
  while (text.charCodeAt(position) === 0x3b) {
    position = scanParameter(text, position + 1, span);
    if (position < 0) return undefined;
    if (equalsIgnoringCase(text, span.nameStart, span.nameEnd, 'tag')) {
      if (tag !== undefined || !isToken(text, span.valueStart, span.valueEnd)) return undefined;
      tag = text.slice(span.valueStart, span.valueEnd);
    }
  }
  if (position < text.length && text.charCodeAt(position) !== 0x2c) return undefined;
  return new NameAddr(uriText, tag, position);
}

/** The value of a header that has exactly one, such as From; undefined if it is malformed or followed by another. */
export function parseOnlyNameAddr(text: string): NameAddr | undefined {
  const value = parseNameAddr(text);
  return value?.end === text.length ? value : undefined;
}

/** All values of a comma-separated header text; undefined if one of them is malformed. */
export function parseNameAddrs(text: string): NameAddr[] | undefined {
  const values: NameAddr[] = [];
  for (let position = 0; position <= text.length;) {
    const value = parseNameAddr(text, position);
    if (value === undefined) return undefined;
    values.push(value);
    position = value.end + 1;
  }
  return values;
}

/** A comma-separated text without its first value; empty if that is the only one. */
export function withoutFirstValue(text: string): string {
  const end = endOfListItem(text, 0);
  return end < 0 || end >= text.length ? '' : text.slice(skipLws(text, end + 1));
}

/** Position of the `<` of a name-addr; -2 for an addr-spec without brackets; -1 if the display name is malformed. */
function openingBracket(text: string, first: number): number {
  if (text.charCodeAt(first) === 0x22) {
    const closed = skipQuoted(text, first);
    if (closed < 0) return -1;
    const open = skipLws(text, closed);
    return text.charCodeAt(open) === 0x3c ? open : -1;
  }
  for (let i = first; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3c) return i;
    // A scheme comes before any bracket: this is an addr-spec, and the bracket is a parameter's or the next value's.
    if (code === 0x3a) return -2;
    // Display names are tokens; octets above ASCII may pass, as clients send UTF-8 unquoted.
    if (code < 0x80 && !isLws(code) && !isTokenCharacter(code)) return -1;
  }
  return -1;
}

function endsBareUri(code: number): boolean {
  return code === 0x3b || code === 0x2c || code === 0x3f || isLws(code);
}
