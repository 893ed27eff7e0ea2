/** A header line: its name as written, its value unfolded (RFC 3261 7.3.1), and the raw line from the wire. */
export type HeaderLine = readonly [name: string, value: string, raw: string];

/** The start line of a SIP message. */
export interface SipStart {
  /** Without its line end. */
  readonly startLine: string;
  /** Of a request. */
  readonly method: string | undefined;
  /** Of a response: the number that stood there, valid or not. */
  readonly status: number | undefined;
  /** Of a response. */
  readonly reason: string | undefined;
}

/** The start line and headers of a SIP message. */
export interface SipHead extends SipStart {
  readonly headers: readonly HeaderLine[];
  /** Characters from the beginning of the text up to and including the empty line. */
  readonly length: number;
}

/** RFC 3261 7.3.3 and the registry of header fields: the compact forms. */
const COMPACT_FORMS: ReadonlyMap<string, string> = new Map([
  ['a', 'accept-contact'],
  ['b', 'referred-by'],
  ['c', 'content-type'],
  ['d', 'request-disposition'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['j', 'reject-contact'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['n', 'identity-info'],
  ['o', 'event'],
  ['r', 'refer-to'],
  ['s', 'subject'],
  ['t', 'to'],
  ['u', 'allow-events'],
  ['v', 'via'],
  ['x', 'session-expires'],
  ['y', 'identity'],
]);

const VERSION = /^sip\/\d+\.\d+$/i;
const STATUS_LINE = /^sip\/\d+\.\d+[ \t]+(\d+)(?:[ \t]([^]*))?$/i;

/** The long name in lower case: `i`, `Call-ID` and `CALL-ID` are one header. */
export function headerKey(name: string): string {
  const lower = name.toLowerCase();
  return COMPACT_FORMS.get(lower) ?? lower;
}

/** The first line that names a Call-ID; with the value, where that stands on the same line alone. */
const CALL_ID_LINE = /\n(?:Call-ID|i)[ \t]*(?::[ \t]*(\S[^\r\n]*)\r?\n(?![ \t])|[:\r\n])/i;
const EMPTY_LINE = /\n\r?\n/;

/** The value of the first Call-ID in a SIP message (latin1), as `readSipHead` gives it, mostly without reading the others. */
export function callIdOf(text: string): string | undefined {
  const found = CALL_ID_LINE.exec(text);
  if (found?.[1] !== undefined && found.index < text.search(EMPTY_LINE)) return found[1].trim();
  return headerValue(readSipHead(text) ?? { headers: [] }, 'call-id');
}

/** The compact form of a header name; undefined where it has none. */
export function compactForm(name: string): string | undefined {
  const key = name.toLowerCase();
  return [...COMPACT_FORMS].find(([, long]) => long === key)?.[0];
}

/** The first value of a header, by any of its names. */
export function headerValue(head: Pick<SipHead, 'headers'>, name: string): string | undefined {
  const key = headerKey(name);
  return head.headers.find(([written]) => headerKey(written) === key)?.[1];
}

/** True when `line` could be the first of a SIP message, of any version and method. */
export function isStartLine(line: string): boolean {
  return readStartLine(line) !== undefined;
}

/** Reads the start line alone, as `readSipHead` does; undefined where that is not SIP. */
export function readSipStart(text: string): SipStart | undefined {
  return readStartLine(lineAt(text, startOf(text)).content);
}

/** Where the start line begins: line ends may come before it (RFC 3261 7.5). */
function startOf(text: string): number {
  let at = 0;
  while (text[at] === '\r' || text[at] === '\n') at++;
  return at;
}

/**
 * Reads the start line and headers of `text` (latin1). Lenient, because a witness must show malformed messages too:
 * a bare LF ends a line, empty lines may come first, the last empty line may be missing, a line without a colon is a
 * header without a value. Undefined when the first line is not SIP.
 */
export function readSipHead(text: string): SipHead | undefined {
  const startLine = lineAt(text, startOf(text));
  const start = readStartLine(startLine.content);
  if (start === undefined) return undefined;
  let at = startLine.next;
  const headers: HeaderLine[] = [];
  while (at < text.length) {
    const line = lineAt(text, at);
    if (line.content === '') {
      at = line.next;
      break;
    }
    const begin = at;
    const pieces = [line.content];
    let end = line.end;
    at = line.next;
    while (text[at] === ' ' || text[at] === '\t') {
      const folded = lineAt(text, at);
      pieces.push(folded.content);
      end = folded.end;
      at = folded.next;
    }
    headers.push(headerLine(pieces, text.slice(begin, end)));
  }
  return { ...start, headers, length: at };
}

interface Line {
  readonly content: string;
  /** Where its line end begins, and where the next line does. */
  readonly end: number;
  readonly next: number;
}

function lineAt(text: string, at: number): Line {
  const lineFeed = text.indexOf('\n', at);
  if (lineFeed === -1) return { content: text.slice(at), end: text.length, next: text.length };
  const end = lineFeed > at && text[lineFeed - 1] === '\r' ? lineFeed - 1 : lineFeed;
  return { content: text.slice(at, end), end, next: lineFeed + 1 };
}

function headerLine(pieces: readonly string[], raw: string): HeaderLine {
  const value = pieces.length === 1 ? (pieces[0] ?? '') : pieces.map((piece) => piece.trim()).join(' ');
  const colon = value.indexOf(':');
  if (colon === -1) return [value.trim(), '', raw];
  return [value.slice(0, colon).trim(), value.slice(colon + 1).trim(), raw];
}

function readStartLine(startLine: string): SipStart | undefined {
  const status = STATUS_LINE.exec(startLine);
  if (status !== null)
    return { startLine, method: undefined, status: Number(status[1]), reason: status[2] ?? '' };
  const written = startLine.trimEnd();
  const methodEnd = written.indexOf(' ');
  const versionStart = written.lastIndexOf(' ') + 1;
  if (methodEnd < 1 || versionStart <= methodEnd + 1 || !VERSION.test(written.slice(versionStart))) {
    return undefined;
  }
  return { startLine, method: written.slice(0, methodEnd), status: undefined, reason: undefined };
}
