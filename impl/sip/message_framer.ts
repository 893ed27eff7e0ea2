import { MAX_HEADER_OCTETS } from './header_section.ts';
import { MAX_BODY_OCTETS } from './parser.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const END_OF_HEADERS = Buffer.from('\r\n\r\n', 'latin1');
const NOTHING = Buffer.alloc(0);
const SMALLEST_BUFFER = 2048;
/** A Content-Length with more digits is malformed. */
const MAX_LENGTH_DIGITS = 10;

/** Takes the messages of one stream. */
export interface FrameUser {
  /** One message, or the beginning of one whose end cannot be found. `packet` is valid during the call only. */
  framed(packet: Buffer): void;
  /** Double CRLFs came between messages (RFC 5626 3.5.1). */
  pinged(count: number): void;
}

/**
 * Cuts a stream into messages by Content-Length (RFC 3261 18.3), however it is segmented. Each octet is read a fixed
 * number of times, and copied at most once, apart from the doubling of the buffer. It keeps at most one unfinished
 * message, and nothing between messages.
 */
export class MessageFramer {
  readonly #user: FrameUser;
  #buffer = NOTHING;
  /** Octets of the unfinished message. */
  #length = 0;
  /** How many of them were searched for the end of the header fields. */
  #searched = 0;
  /** The length of the whole message; 0 until its header fields are complete. */
  #frameOctets = 0;
  #lineFeeds = 0;
  #isOver = false;

  constructor(user: FrameUser) {
    this.#user = user;
  }

  /** Whether a message has begun but not ended. */
  get isMidMessage(): boolean {
    return this.#length > 0;
  }

  /** Octets of memory that the unfinished message takes. */
  get heldOctets(): number {
    return this.#buffer.length;
  }

  /** Whether the rest is ignored: the end of a message could not be found, or `end` was called. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes a segment, and hands on each message that it completes. */
  push(segment: Buffer): void {
    if (this.#isOver) return;
    let octets = segment;
    if (this.#length > 0) {
      this.#append(segment);
      octets = this.#buffer.subarray(0, this.#length);
    }
    const rest = this.#cut(octets);
    if (this.#isOver || rest === octets.length) this.#release();
    else if (octets === segment) this.#append(octets.subarray(rest));
    else if (rest > 0) {
      // After a finished message, only octets of this segment are left: none is moved twice.
      this.#buffer.copyWithin(0, rest, this.#length);
      this.#length -= rest;
    }
  }

  /** Ignores the rest of the stream. */
  end(): void {
    this.#isOver = true;
    this.#release();
  }

  /** Hands on every whole message in `octets`, and returns where the unfinished one starts. */
  #cut(octets: Buffer): number {
    let start = 0;
    while (!this.#isOver) {
      if (this.#searched === 0) start = this.#afterLineBreaks(octets, start);
      if (start === octets.length) break;
      if (this.#frameOctets === 0) {
        const end = octets.indexOf(END_OF_HEADERS, start + Math.max(0, this.#searched - 3));
        const headOctets = (end < 0 ? octets.length : end + 4) - start;
        this.#searched = headOctets;
        if (headOctets > MAX_HEADER_OCTETS) this.#breakOff(octets.subarray(start, start + MAX_HEADER_OCTETS));
        if (end < 0 || this.#isOver) break;
        const bodyOctets = contentLength(octets, start, end);
        if (bodyOctets < 0 || bodyOctets > MAX_BODY_OCTETS) {
          this.#breakOff(octets.subarray(start, end + 4));
          break;
        }
        this.#frameOctets = headOctets + bodyOctets;
      }
      if (octets.length - start < this.#frameOctets) break;
      const packet = octets.subarray(start, start + this.#frameOctets);
      start += this.#frameOctets;
      this.#frameOctets = 0;
      this.#searched = 0;
      this.#user.framed(packet);
    }
    return start;
  }

  /** Skips line breaks before a start line (RFC 3261 7.5); two of them are a ping. */
  #afterLineBreaks(octets: Buffer, start: number): number {
    let position = start;
    let pings = 0;
    for (; position < octets.length; position++) {
      const octet = octets[position]!;
      if (octet !== CR && octet !== LF) break;
      if (octet === LF && ++this.#lineFeeds === 2) {
        this.#lineFeeds = 0;
        pings++;
      }
    }
    if (position < octets.length) this.#lineFeeds = 0;
    if (pings > 0) this.#user.pinged(pings);
    return position;
  }

  #breakOff(beginning: Buffer): void {
    this.#isOver = true;
    this.#user.framed(beginning);
  }

  #append(octets: Buffer): void {
    const needed = this.#length + octets.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(SMALLEST_BUFFER, 2 * this.#buffer.length, needed));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    octets.copy(this.#buffer, this.#length);
    this.#length = needed;
  }

  #release(): void {
    this.#buffer = NOTHING;
    this.#length = 0;
  }
}

/**
 * The Content-Length in the header fields `octets[start, end)`; the last one's CRLF is at `end`. -1 if there is none or
 * more than one, if it is not a number, or if a bare CR or LF makes the lines ambiguous.
 */
function contentLength(octets: Buffer, start: number, end: number): number {
  let length = -1;
  for (let i = start; i < end; i++) {
    const octet = octets[i]!;
    if (octet === CR) {
      if (octets[i + 1] !== LF) return -1;
      continue;
    }
    if (octet !== LF) continue;
    if (octets[i - 1] !== CR) return -1;
    const valueStart = afterLengthName(octets, i + 1);
    if (valueStart < 0) continue;
    if (length >= 0) return -1;
    length = lengthValue(octets, valueStart, end);
    if (length < 0) return -1;
  }
  return length;
}

const LONG_NAME = 'content-length';

/** The position after `Content-Length:` or `l:` at `start`, or -1. Case and blanks before the colon do not matter. */
function afterLengthName(octets: Buffer, start: number): number {
  let position = start;
  const first = octets[start]! | SP;
  if (first === 0x6c) position++;
  else if (first === 0x63) {
    for (let i = 0; i < LONG_NAME.length; i++, position++) {
      const octet = octets[position]!;
      const folded = octet >= 0x41 && octet <= 0x5a ? octet | SP : octet;
      if (folded !== LONG_NAME.charCodeAt(i)) return -1;
    }
  } else return -1;
  while (octets[position] === SP || octets[position] === TAB) position++;
  return octets[position] === COLON ? position + 1 : -1;
}

function lengthValue(octets: Buffer, start: number, end: number): number {
  let position = skipLws(octets, start, end);
  const digits = position;
  let length = 0;
  for (; position < end; position++) {
    const digit = octets[position]! - 0x30;
    if (digit < 0 || digit > 9) break;
    length = length * 10 + digit;
  }
  if (position === digits || position - digits > MAX_LENGTH_DIGITS) return -1;
  position = skipLws(octets, position, end);
  return position === end || octets[position] === CR ? length : -1;
}

/** The position after blanks and folded line breaks. */
function skipLws(octets: Buffer, start: number, end: number): number {
  let i = start;
  for (; i < end; i++) {
    const octet = octets[i]!;
    if (octet === SP || octet === TAB) continue;
    if (octet !== CR || octets[i + 1] !== LF || (octets[i + 2] !== SP && octets[i + 2] !== TAB)) break;
    i += 2;
  }
  return Math.min(i, end);
}
