import { isLws, isToken, skipLws } from './grammar.ts';
import { headerKey, usualHeaderKey } from './header_name.ts';
import type { HeaderField } from './message.ts';
import { REFUSALS, type Refusal } from './refusal.ts';

const MAX_HEADER_FIELDS = 256;
const CR = 0x0d;
const LF = 0x0a;

/** The header section: all its fields, the required ones by name, and the first thing wrong. */
export interface HeaderSection {
  readonly headers: HeaderField[];
  via: HeaderField | undefined;
  from: HeaderField | undefined;
  to: HeaderField | undefined;
  callId: HeaderField | undefined;
  cseq: HeaderField | undefined;
  maxForwards: HeaderField | undefined;
  contentLength: HeaderField | undefined;
  bodyStart: number;
  refusal: Refusal | undefined;
}

/** Reads the fields from `headersStart` to the empty line. Never throws: the first thing wrong is in `refusal`. */
export function parseHeaderSection(text: string, headersStart: number): HeaderSection {
  const section: HeaderSection = {
    headers: [],
    via: undefined,
    from: undefined,
    to: undefined,
    callId: undefined,
    cseq: undefined,
    maxForwards: undefined,
    contentLength: undefined,
    bodyStart: text.length,
    refusal: undefined,
  };
  let start = headersStart;
  for (;;) {
    if (text.charCodeAt(start) === CR && text.charCodeAt(start + 1) === LF) {
      section.bodyStart = start + 2;
      return section;
    }
    const lineEnd = endOfField(text, start);
    if (lineEnd < 0) {
      section.refusal ??= lineEnd === BARE_LINE_BREAK ? REFUSALS.headerLine : REFUSALS.unterminated;
      return section;
    }
    const field = parseField(text, start, lineEnd);
    if (field === undefined) section.refusal ??= REFUSALS.headerLine;
    else if (section.headers.push(field) > MAX_HEADER_FIELDS) {
      section.refusal ??= REFUSALS.tooManyFields;
      return section;
    } else keepRequired(section, field);
    start = lineEnd + 2;
  }
}

const BARE_LINE_BREAK = -2;

/** Position of the CRLF that ends the field at `start`, after its folded lines; negative if there is none. */
function endOfField(text: string, start: number): number {
  let end = start;
  for (;;) {
    const carriageReturn = text.indexOf('\r', end);
    const lineFeed = text.indexOf('\n', end);
    // Another element could take a bare CR or LF for the end of a line, so none is let through.
    if (lineFeed < 0) return -1;
    if (carriageReturn !== lineFeed - 1) return BARE_LINE_BREAK;
    const next = text.charCodeAt(lineFeed + 1);
    if (next !== 0x20 && next !== 0x09) return carriageReturn;
    end = lineFeed + 1;
  }
}

function parseField(text: string, start: number, end: number): HeaderField | undefined {
  const colon = text.indexOf(':', start);
  if (colon < 0 || colon >= end) return undefined;
  let nameEnd = colon;
  while (nameEnd > start && isBlank(text.charCodeAt(nameEnd - 1))) nameEnd--;
  const name = text.slice(start, nameEnd);
  let key = usualHeaderKey(name);
  if (key === undefined) {
    if (!isToken(name)) return undefined;
    key = headerKey(name);
  }
  const valueStart = Math.min(skipLws(text, colon + 1), end);
  let valueEnd = end;
  while (valueEnd > valueStart && isLws(text.charCodeAt(valueEnd - 1))) valueEnd--;
  return { key, name, value: text.slice(valueStart, valueEnd), start, end: end + 2 };
}

/** Keeps a required field. Except for Via, a second one is refused (RFC 3261 7.3.1; RFC 4475 3.3.8, 3.3.9). */
function keepRequired(section: HeaderSection, field: HeaderField): void {
  switch (field.key) {
    case 'via':
      section.via ??= field;
      return;
    case 'from':
      if (section.from === undefined) section.from = field;
      else section.refusal ??= REFUSALS.repeated;
      return;
    case 'to':
      if (section.to === undefined) section.to = field;
      else section.refusal ??= REFUSALS.repeated;
      return;
    case 'call-id':
      if (section.callId === undefined) section.callId = field;
      else section.refusal ??= REFUSALS.repeated;
      return;
    case 'cseq':
      if (section.cseq === undefined) section.cseq = field;
      else section.refusal ??= REFUSALS.repeated;
      return;
    case 'max-forwards':
      if (section.maxForwards === undefined) section.maxForwards = field;
      else section.refusal ??= REFUSALS.repeated;
      return;
    case 'content-length':
      if (section.contentLength === undefined) section.contentLength = field;
      else section.refusal ??= REFUSALS.repeated;
      return;
    default:
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
