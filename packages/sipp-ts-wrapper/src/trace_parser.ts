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
 * `----- 2026-11-21 20:42:21.175867⏎UDP message sent (257 bytes):⏎⏎`, or `… received [295] bytes :⏎⏎`.
 * Other blocks (`Unexpected UDP message received:`, errors) carry no length and repeat what was traced already.
 */
const HEAD = new RegExp(
  `${DASHES} (\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d)\\.(\\d{6})\\n` +
    '(\\w+) message (?:(sent) \\((\\d+) bytes\\)|(received) \\[(\\d+)\\] bytes) ?:\\n\\n',
  'g',
);
const HEAD_LIMIT = 160;

/**
 * Parses a SIPp 3.6 message trace as it grows. Feed it chunks cut anywhere; each call returns the messages completed by
 * it. The trace names no time zone and must have been written with TZ=UTC, as this package runs SIPp.
 */
export class TraceParser {
  #pending = '';

  /** Takes the next octets of the trace; returns the messages they complete. */
  push(chunk: Uint8Array): TracedMessage[] {
    this.#pending += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    return this.#take(false);
  }

  /** Call this at the end of the trace. Returns the pending message, which may be truncated. */
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
      if (head === null) {
        // Noise; a head may have begun in its last characters.
        consumed = Math.max(consumed, text.length - HEAD_LIMIT);
        break;
      }
      const start = HEAD.lastIndex;
      const length = Number(head[6] ?? head[8]);
      const end = messageEnd(text, start, start + length, atEnd);
      if (end === undefined) {
        consumed = head.index;
        break;
      }
      messages.push({
        time: Date.parse(`${head[1]}T${head[2]}Z`) + Number(head[3]) / 1000,
        direction: head[5] === undefined ? 'received' : 'sent',
        transport: head[4]!.toLowerCase(),
        text: text.slice(start, end),
        truncated: end - start < length,
      });
      consumed = end;
    }
    this.#pending = atEnd ? '' : text.slice(consumed);
    return messages;
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
