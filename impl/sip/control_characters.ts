import { isBlank } from './grammar.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;

/** The octets in question, four at a time: every message is searched, and most of its octets are no control. */
const WORDS = new Uint32Array(1 << 14);
const OCTETS = Buffer.from(WORDS.buffer);

/**
 * Whether `octets[start, end)` has a control character that is not a quoted-pair in a quoted string; tabs and line
 * breaks are none. Some elements take such a character for the end of a value.
 */
export function hasControl(octets: Buffer, start: number, end: number): boolean {
  const length = octets.copy(OCTETS, 0, start, end);
  // No octet of an earlier message may stand in the last word.
  for (let i = length; (i & 3) !== 0; i++) OCTETS[i] = SPACE;
  const words = (length + 3) >> 2;
  for (let word = 0; word < words; word++) {
    if (!mayHoldControl(WORDS[word]! | 0)) continue;
    for (let i = word * 4; i < word * 4 + 4; i++) {
      if (isControl(OCTETS[i]!)) return hasBareControl(OCTETS, length);
    }
  }
  return false;
}

/** Whether one of four octets may be below 0x20 or be 0x7f; a subtraction borrows from the high bit of such an octet. */
function mayHoldControl(word: number): boolean {
  const deleted = word ^ 0x7f7f7f7f;
  const low = (word - 0x20202020) & ~word;
  return ((low | ((deleted - 0x01010101) & ~deleted)) & 0x80808080) !== 0;
}

function isControl(code: number): boolean {
  return (code < SPACE && code !== LF && code !== CR && code !== TAB) || code === DELETE;
}

function hasBareControl(octets: Buffer, length: number): boolean {
  let isQuoted = false;
  for (let i = 0; i < length; i++) {
    const code = octets[i]!;
    if (code === QUOTE) isQuoted = !isQuoted;
    else if (code === BACKSLASH && isQuoted) i++;
    // A quoted string ends with its field.
    else if (code === LF && isQuoted) isQuoted = isBlank(octets[i + 1]!);
    else if (isControl(code)) return true;
  }
  return false;
}
