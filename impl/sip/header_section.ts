import { isBlank, isLws, isToken, skipLws } from './grammar.ts';
import { headerKey, usualHeaderKey } from './header_name.ts';
import type { HeaderField } from './message.ts';
import { REFUSALS, type Refusal } from './refusal.ts';

/** Lines that are no header field count too. */
const MAX_HEADER_FIELDS = 256;
/** Most octets of a message's header section; the longest in RFC 4475 takes a fifth of it. */
export const MAX_HEADER_OCTETS = 16_384;
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

/**
 * Reads the fields from `headersStart` to the empty line. Never throws: the first thing wrong is in `refusal`. Reads
 * each octet a fixed number of times, whatever the text holds.
 */
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
  const limit = headersStart + MAX_HEADER_OCTETS;
  let start = headersStart;
  let colon = -1;
  for (let lines = 0; ; lines++) {
    if (text.charCodeAt(start) === CR && text.charCodeAt(start + 1) === LF) {
      section.bodyStart = start + 2;
      return section;
    }
    const lineEnd = endOfField(text, start, limit);
    if (lineEnd < 0) {
      section.refusal ??= lineEnd === BARE_LINE_BREAK ? REFUSALS.headerLine : REFUSALS.unterminated;
      return section;
    }
    if (lineEnd > limit || lines === MAX_HEADER_FIELDS) {
      section.refusal ??= lineEnd > limit ? REFUSALS.headersTooLarge : REFUSALS.tooManyFields;
      return section;
    }
    // One search for all lines without a colon before the next one.
    if (colon < start) colon = indexOrEnd(text, ':', start);
    const field = colon < lineEnd ? parseField(text, start, colon, lineEnd) : undefined;
    if (field === undefined) section.refusal ??= REFUSALS.headerLine;
    else {
      section.headers.push(field);
      keepRequired(section, field);
    }
    start = lineEnd + 2;
  }
}

const BARE_LINE_BREAK = -2;

/**
 * Position of the CRLF that ends the field at `start`, after its folded lines, or of one beyond `limit`; negative if
 * there is none.
 */
function endOfField(text: string, start: number, limit: number): number {
  let end = start;
  for (;;) {
    const lineFeed = text.indexOf('\n', end);
    if (lineFeed < 0) return -1;
    const carriageReturn = text.indexOf('\r', end);
    // Another element could take a bare CR or LF for the end of a line, so none is let through.
    if (carriageReturn !== lineFeed - 1) return BARE_LINE_BREAK;
    if (lineFeed > limit || !isBlank(text.charCodeAt(lineFeed + 1))) return carriageReturn;
    end = lineFeed + 1;
  }
}

function indexOrEnd(text: string, character: string, start: number): number {
  const index = text.indexOf(character, start);
  return index < 0 ? text.length : index;
}

function parseField(text: string, start: number, colon: number, end: number): HeaderField | undefined {
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
