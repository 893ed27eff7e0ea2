import { SippError } from './sipp_error.ts';
import { TESTED } from './versions.ts';

/** One message as SIPp's `-trace_msg` recorded it. */
export interface TracedMessage {
  /** Epoch milliseconds, to the microsecond. */
  time: number;
  direction: 'sent' | 'received';
  /** As SIPp names it, in lower case: `udp`, `tcp`, … */
  transport: string;
  /**
   * The message as it was on the wire, one character per octet: `Buffer.from(text, 'latin1')` gives the octets, and
   * `.toString('utf8')` of these the readable text.
   */
  text: string;
  /** True where `text` ends too early: SIPp writes a message only up to its first NUL octet. */
  truncated: boolean;
}

const DASHES = '-----------------------------------------------';
/**
 * SIPp 3.6.0 to 3.7.4: `----- 2026-11-21 20:42:21.175867⏎UDP message sent (257 bytes):⏎⏎`, or `… received [295] bytes :⏎⏎`.
 * From 3.7.5: `----- 2026-11-21T20:42:21.175867Z⏎UDP message sent [257] bytes:⏎⏎`, or `… received [295] bytes:⏎⏎`.
 * Other blocks (`Unexpected UDP message received:`, errors) carry no length and repeat what was traced already.
 */
const HEAD = new RegExp(
  `${DASHES} (\\d{4}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d)\\.(\\d{6})(Z|[+-]\\d\\d:\\d\\d|)\\n` +
    '(\\w+) message (sent|received) [[(](\\d+)(?:\\] bytes| bytes\\)) ?:\\n\\n',
  'g',
);
/** What starts every block, however many dashes a SIPp to come may write. */
const BLOCK = DASHES.slice(0, 10);
/** What tells of a message in a form that no known SIPp writes. `UDP control message sent` is between SIPps, no SIP. */
const UNKNOWN_HEAD = /^(?!.*\bcontrol\b).*\bmessage (?:sent|received)\b.*\d/;
const HEAD_LIMIT = 160;

/**
 * Parses a message trace of SIPp 3.6 or 3.7 as it grows. Feed it chunks cut anywhere; each call returns the messages
 * completed by it. A trace of SIPp before 3.7.5 names no time zone and must have been written with TZ=UTC, as this
 * package runs SIPp.
 */
export class TraceParser {
  #pending = '';

  /**
   * Takes the next octets of the trace; returns the messages they complete.
   * @throws {SippError} TRACE_UNREADABLE where the trace tells of a message in an unknown form.
   */
  push(chunk: Uint8Array): TracedMessage[] {
    this.#pending += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    return this.#take(false);
  }

  /**
   * Call this at the end of the trace. Returns the pending message, which may be truncated.
   * @throws {SippError} as `push` does.
   */
  end(): TracedMessage[] {
    return this.#take(true);
  }

  #take(atEnd: boolean): TracedMessage[] {
    const messages: TracedMessage[] = [];
    const text = this.#pending;
    let consumed = 0;
    for (;;) {
      HEAD.lastIndex = consumed;
      const head = HEAD.exec(text);
      assertNoMessage(text.slice(consumed, head?.index));
      if (head === null) {
        // Noise; a head may have begun in its last characters.
        consumed = Math.max(consumed, text.length - HEAD_LIMIT);
        break;
      }
      const start = HEAD.lastIndex;
      const length = Number(head[7]);
      const end = messageEnd(text, start, start + length, atEnd);
      if (end === undefined) {
        consumed = head.index;
        break;
      }
      messages.push({
        time: Date.parse(`${head[1]}T${head[2]}${head[4] || 'Z'}`) + Number(head[3]) / 1000,
        direction: head[6] === 'sent' ? 'sent' : 'received',
        transport: head[5]!.toLowerCase(),
        text: text.slice(start, end),
        truncated: end - start < length,
      });
      consumed = end;
    }
    this.#pending = atEnd ? '' : text.slice(consumed);
    return messages;
  }
}

/** A message in an unknown form must not be missing without a word. */
function assertNoMessage(noise: string): void {
  for (let block = noise.indexOf(BLOCK); block !== -1;) {
    const start = noise.indexOf('\n', block) + 1;
    const end = noise.indexOf('\n', start);
    // A head that is not whole yet is judged with the next octets.
    if (start === 0 || end === -1 || end + 1 === noise.length) return;
    const line = noise.slice(start, Math.min(end, start + HEAD_LIMIT));
    if (UNKNOWN_HEAD.test(line)) {
      throw new SippError(
        'TRACE_UNREADABLE',
        `SIPp's message trace has the line "${line}", which tells of a message in an unknown form; ` +
          `use SIPp ${TESTED.first} to ${TESTED.last}`,
      );
    }
    block = noise.indexOf(BLOCK, start);
  }
}

/** Where the message ends, which should be at `expected`; undefined while that is not yet clear. */
function messageEnd(text: string, start: number, expected: number, atEnd: boolean): number | undefined {
  if (expected + 1 <= text.length && text[expected] === '\n' && isBoundary(text, expected + 1))
    return expected;
  // A message cut at a NUL octet is followed by the next block before its announced length.
  HEAD.lastIndex = start;
  if (!atEnd && HEAD.exec(text) === null) return undefined;
  const block = text.indexOf(`\n${DASHES}`, start);
  if (block !== -1) return Math.min(block, expected);
  return Math.min(expected, text.endsWith('\n') ? text.length - 1 : text.length);
}

/** Whether a message may end before `at`: there the trace ends so far, or dashes or a remark on a socket follow. */
function isBoundary(text: string, at: number): boolean {
  const rest = text.slice(at, at + DASHES.length);
  return DASHES.startsWith(rest) || /^(?:Problem|Exit problem) /.test(rest);
}
