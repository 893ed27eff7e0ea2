import type { TcpSegment } from './packet.ts';
import type { PacketPlace } from './pcap.ts';
import { headerValue, isStartLine, readSipHead, type SipHead } from './sip_head.ts';

/** A SIP message cut from a stream. */
interface FramedMessage {
  readonly head: SipHead;
  /** From the start line to the end of the body. */
  readonly text: string;
  /** The packets that carried its bytes. */
  readonly packets: readonly PacketPlace[];
}

/** Most bytes kept that came out of order; a stream that needs more has lost a packet for good. */
const MOST_EARLY_BYTES = 8 * 1024 * 1024;
/** What has a longer start line and headers is not SIP. */
const LONGEST_HEAD = 256 * 1024;

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/** One direction of a TCP connection: its segments in order, each byte once, cut into SIP messages. */
export class TcpStream {
  #next: number | undefined;
  /** Sequence number of the last SYN. */
  #initial: number | undefined;
  #early: TcpSegment[] = [];
  #earlyBytes = 0;
  #framer = new SipFramer();

  /** The messages that `segment` completes. Keeps no reference to its payload. */
  push(segment: TcpSegment): FramedMessage[] {
    if (segment.syn) this.#open(segment.sequence);
    const first = segment.syn ? (segment.sequence + 1) | 0 : segment.sequence | 0;
    this.#next ??= first;
    const ahead = (first - this.#next) | 0;
    if (ahead > 0) {
      this.#keep(segment);
      return [];
    }
    const messages = this.#take(segment, first);
    if (this.#early.length > 0) messages.push(...this.#takeEarly());
    return messages;
  }

  /** A new connection may have the ports of an old one; a repeated SYN is the same connection. */
  #open(sequence: number): void {
    if (sequence === this.#initial) return;
    this.#initial = sequence;
    this.#next = undefined;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#framer = new SipFramer();
  }

  #keep(segment: TcpSegment): void {
    if (this.#framer.closed) return;
    this.#earlyBytes += segment.payload.length;
    if (this.#earlyBytes > MOST_EARLY_BYTES) {
      this.#early = [];
      this.#earlyBytes = 0;
      this.#framer.close();
      return;
    }
    this.#early.push({ ...segment, payload: Buffer.from(segment.payload) });
  }

  #take(segment: TcpSegment, first: number): FramedMessage[] {
    const known = ((this.#next ?? first) - first) | 0;
    const last = (first + segment.payload.length) | 0;
    const messages: FramedMessage[] = [];
    if (known < segment.payload.length) {
      messages.push(...this.#framer.push(segment.payload.subarray(known), segment.packets));
      this.#next = last;
    }
    const ends = segment.fin || segment.reset;
    if (ends && ((last - (this.#next ?? last)) | 0) >= 0) messages.push(...this.#framer.end());
    return messages;
  }

  #takeEarly(): FramedMessage[] {
    const messages: FramedMessage[] = [];
    this.#early.sort((a, b) => (a.sequence - b.sequence) | 0);
    let taken = 0;
    for (const segment of this.#early) {
      const first = segment.sequence | 0;
      if (((first - (this.#next ?? first)) | 0) > 0) break;
      messages.push(...this.#take(segment, first));
      this.#earlyBytes -= segment.payload.length;
      taken++;
    }
    this.#early.splice(0, taken);
    return messages;
  }
}

interface Carrier {
  /** Stream position behind its last byte. */
  readonly end: number;
  readonly packets: readonly PacketPlace[];
}

/** Cuts a byte stream at Content-Length (RFC 3261 18.3). Closed for good by the first thing that is not SIP. */
class SipFramer {
  closed = false;
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** How many bytes must be buffered before the next decision. */
  #needed = 1;
  /** Stream position of the first buffered byte. */
  #position = 0;
  #carriers: Carrier[] = [];

  push(payload: Buffer, packets: readonly PacketPlace[]): FramedMessage[] {
    if (this.closed || payload.length === 0) return [];
    this.#chunks.push(Buffer.from(payload));
    this.#buffered += payload.length;
    this.#carriers.push({ end: this.#position + this.#buffered, packets });
    return this.#buffered < this.#needed ? [] : this.#cut(Buffer.concat(this.#chunks));
  }

  /** At the end of the stream: returns what came of a last message that announced more. */
  end(): FramedMessage[] {
    if (this.closed) return [];
    const rest = Buffer.concat(this.#chunks);
    const begin = skipLineEnds(rest, 0);
    const text = rest.toString('latin1', begin);
    const head = readSipHead(text);
    const messages =
      head === undefined ? [] : [{ head, text, packets: this.#carriersOf(begin, rest.length) }];
    this.close();
    return messages;
  }

  close(): void {
    this.closed = true;
    this.#chunks = [];
    this.#carriers = [];
  }

  #cut(data: Buffer): FramedMessage[] {
    const messages: FramedMessage[] = [];
    let begin = skipLineEnds(data, 0);
    this.#needed = 1;
    while (begin < data.length) {
      const headEnd = endOfHead(data, begin);
      if (headEnd === undefined) {
        if (!mayBecomeSip(data, begin)) this.close();
        this.#needed = data.length - begin + 1;
        break;
      }
      const head = readSipHead(data.toString('latin1', begin, headEnd));
      if (head === undefined) {
        this.close();
        break;
      }
      const end = headEnd + (contentLength(head) ?? 0);
      if (end > data.length) {
        this.#needed = end - begin;
        break;
      }
      const text = data.toString('latin1', begin, end);
      messages.push({ head, text, packets: this.#carriersOf(begin, end) });
      begin = skipLineEnds(data, end);
    }
    if (!this.closed) this.#drop(data, begin);
    return messages;
  }

  #drop(data: Buffer, length: number): void {
    this.#position += length;
    this.#buffered = data.length - length;
    this.#chunks = this.#buffered === 0 ? [] : [data.subarray(length)];
    this.#carriers = this.#carriers.filter(({ end }) => end > this.#position);
  }

  /** The packets that carried the buffered bytes from `begin` to `end`. */
  #carriersOf(begin: number, end: number): PacketPlace[] {
    const places: PacketPlace[] = [];
    let start = this.#position;
    for (const carrier of this.#carriers) {
      if (carrier.end > this.#position + begin && start < this.#position + end)
        places.push(...carrier.packets);
      start = carrier.end;
    }
    return places;
  }
}

/** The value of Content-Length; undefined where it is missing or no number. */
export function contentLength(head: SipHead): number | undefined {
  const value = headerValue(head, 'content-length');
  return value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}

/** RFC 3261 7.5: line ends before a start line are ignored; RFC 5626 4.4.1: so are keep-alives. */
function skipLineEnds(data: Buffer, from: number): number {
  let at = from;
  while (data[at] === CARRIAGE_RETURN || data[at] === LINE_FEED) at++;
  return at;
}

function endOfHead(data: Buffer, from: number): number | undefined {
  let lineFeed = data.indexOf(LINE_FEED, from);
  while (lineFeed !== -1) {
    let next = lineFeed + 1;
    if (data[next] === CARRIAGE_RETURN) next++;
    if (data[next] === LINE_FEED) return next + 1;
    lineFeed = data.indexOf(LINE_FEED, lineFeed + 1);
  }
  return undefined;
}

function mayBecomeSip(data: Buffer, from: number): boolean {
  const lineFeed = data.indexOf(LINE_FEED, from);
  if (lineFeed !== -1) {
    return (
      isStartLine(data.toString('latin1', from, lineFeed).trimEnd()) && data.length - from <= LONGEST_HEAD
    );
  }
  const line = data.subarray(from);
  return line.length <= LONGEST_HEAD && line.every((byte) => byte >= 0x20 || byte === 9 || byte === 13);
}
