/** Lexical rules of RFC 3261 25.1, on strings of one octet per character. Positions are indices; -1: malformed. */

const SPACE = 0x20;
const TAB = 0x09;
const CR = 0x0d;
const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const TOKEN_CHARACTERS = new Uint8Array(256);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~") {
  TOKEN_CHARACTERS[character.charCodeAt(0)] = 1;
}

/** Whether a token may hold it. */
export function isTokenCharacter(code: number): boolean {
  return TOKEN_CHARACTERS[code] === 1;
}

/** Whether `text[start, end)` is a token: not empty, token characters only. */
export function isToken(text: string, start = 0, end = text.length): boolean {
  if (start >= end) return false;
  for (let i = start; i < end; i++) {
    if (!isTokenCharacter(text.charCodeAt(i))) return false;
  }
  return true;
}

/** Whether it is linear white space. The parser lets CR and LF into a value only as folding, so both count as blank. */
export function isLws(code: number): boolean {
  return code === SPACE || code === TAB || code === CR || code === LF;
}

/** Whether it is a blank or a tab: a line that begins with one goes on with the line before. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** The first position at or after `position` that is not white space. */
export function skipLws(text: string, position: number): number {
  let i = position;
  while (i < text.length && isLws(text.charCodeAt(i))) i++;
  return i;
}

/** The position after the quoted string that opens at `position`, or -1 if it never closes. */
export function skipQuoted(text: string, position: number): number {
  for (let i = position + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
  }
  return -1;
}

/** The content of a quoted string (given with its quotes), each quoted-pair unescaped. */
export function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\([\s\S])/g, '$1') : inner;
}

/** A decimal number of at most `maximumDigits` digits in `text[start, end)`, or -1. */
export function decimal(text: string, start: number, end: number, maximumDigits = 10): number {
  if (start >= end || end - start > maximumDigits) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Whether `text[start, end)` is `lowerCase`, letters in any case. */
export function equalsIgnoringCase(text: string, start: number, end: number, lowerCase: string): boolean {
  if (end - start !== lowerCase.length) return false;
  for (let i = 0; i < lowerCase.length; i++) {
    const code = text.charCodeAt(start + i);
    const folded = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (folded !== lowerCase.charCodeAt(i)) return false;
  }
  return true;
}

/** Where a parameter's name and value are in the text; `valueStart` is -1 if it has no value. */
export interface ParameterSpan {
  nameStart: number;
  nameEnd: number;
  valueStart: number;
  valueEnd: number;
}

/** Reads `name` or `name=value` at `position` into `span`, quotes included. Returns the position after it, or -1. */
export function scanParameter(text: string, position: number, span: ParameterSpan): number {
  let i = skipLws(text, position);
  span.nameStart = i;
  while (i < text.length && isTokenCharacter(text.charCodeAt(i))) i++;
  span.nameEnd = i;
  span.valueStart = -1;
  span.valueEnd = -1;
  if (span.nameEnd === span.nameStart) return -1;
  i = skipLws(text, i);
  if (text.charCodeAt(i) !== 0x3d) return i;
  i = skipLws(text, i + 1);
  span.valueStart = i;
  if (text.charCodeAt(i) === QUOTE) {
    i = skipQuoted(text, i);
    if (i < 0) return -1;
  } else {
    while (i < text.length && !endsParameterValue(text.charCodeAt(i))) i++;
    if (i === span.valueStart) return -1;
  }
  span.valueEnd = i;
  return skipLws(text, i);
}

function endsParameterValue(code: number): boolean {
  return code === 0x3b || code === 0x2c || code === QUOTE || code === 0x3c || code === 0x3e || isLws(code);
}

/**
 * The end of the list item that starts at `position`: its comma, or the end of the text. Commas inside quotes and
 * angle brackets do not count. -1 if a quote or bracket never closes.
 */
export function endOfListItem(text: string, position: number): number {
  for (let i = position; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2c) return i;
    if (code === QUOTE) {
      i = skipQuoted(text, i) - 1;
      if (i < 0) return -1;
    } else if (code === 0x3c) {
      i = text.indexOf('>', i);
      if (i < 0) return -1;
    }
  }
  return text.length;
}
