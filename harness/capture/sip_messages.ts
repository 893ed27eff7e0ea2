import type { Endpoint } from './endpoint.ts';
import type { Segment, TcpSegment, UdpDatagram } from './packet.ts';
import type { PacketPlace } from './pcap.ts';
import { type HeaderLine, headerKey, headerValue, readSipHead, type SipHead } from './sip_head.ts';
import { contentLength, TcpStream } from './tcp_stream.ts';

/** A SIP message as it was on the wire, malformed ones included. All text is latin1: a character is a byte. */
export interface WireMessage {
  /** Milliseconds since the epoch, with the fraction: when the packet that completed it was on the wire. */
  readonly time: number;
  readonly protocol: 'udp' | 'tcp';
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly startLine: string;
  /** Of a request. */
  readonly method: string | undefined;
  /** Of a response. */
  readonly status: number | undefined;
  /** Of a response. */
  readonly reason: string | undefined;
  /** In their order. A line with several values is one entry. */
  readonly headers: readonly HeaderLine[];
  /** The first value of a header, by its long or compact name in any case. */
  header(name: string): string | undefined;
  /** The values of all its lines, in their order. */
  all(name: string): readonly string[];
  readonly callId: string | undefined;
  /** Undefined where it is missing or malformed. */
  readonly cseq: { readonly number: number; readonly method: string } | undefined;
  /** As long as Content-Length says; all that came where that is missing, unusable or larger than what came. */
  readonly body: string;
  /** Byte for byte. Of a datagram: all of it, including what follows the body. */
  readonly text: string;
}

/** A message, and the packets of the capture file that carried it. */
export interface CapturedMessage {
  readonly message: WireMessage;
  readonly packets: readonly PacketPlace[];
}

/** Finds the SIP messages among the segments of a capture; ignores everything else. */
export class SipMessageFinder {
  readonly #streams = new Map<string, TcpStream>();

  /** The messages that `segment` completes. */
  push(segment: Segment): CapturedMessage[] {
    return segment.protocol === 'udp' ? fromDatagram(segment) : this.#fromStream(segment);
  }

  #fromStream(segment: TcpSegment): CapturedMessage[] {
    const { source, destination } = segment;
    const flow = `${source.address} ${source.port} ${destination.address} ${destination.port}`;
    let stream = this.#streams.get(flow);
    if (stream === undefined) {
      stream = new TcpStream();
      this.#streams.set(flow, stream);
    }
    return stream.push(segment).map(({ head, text, packets }) => ({
      message: new CapturedText(segment, head, text),
      packets,
    }));
  }
}

function fromDatagram(segment: UdpDatagram): CapturedMessage[] {
  const first = segment.payload[0];
  // Most datagrams that are not SIP are RTP, and begin with 0x80: not worth decoding.
  if (first === undefined || first >= 0x80) return [];
  const text = segment.payload.toString('latin1');
  const head = readSipHead(text);
  return head === undefined
    ? []
    : [{ message: new CapturedText(segment, head, text), packets: segment.packets }];
}

/**
 * Keeps the text and the values that calls are found by. Headers are parsed again on demand: a run captures some
 * hundred thousand messages and looks at the headers of few.
 */
class CapturedText implements WireMessage {
  readonly time: number;
  readonly protocol: 'udp' | 'tcp';
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly startLine: string;
  readonly method: string | undefined;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly callId: string | undefined;
  readonly cseq: WireMessage['cseq'];
  readonly text: string;
  readonly #bodyAt: number;
  readonly #bodyEnd: number;
  #headers: readonly HeaderLine[] | undefined;

  constructor(segment: Segment, head: SipHead, text: string) {
    this.time = segment.time;
    this.protocol = segment.protocol;
    this.source = segment.source;
    this.destination = segment.destination;
    this.startLine = head.startLine;
    this.method = head.method;
    this.status = head.status;
    this.reason = head.reason;
    this.callId = headerValue(head, 'call-id');
    this.cseq = cseq(headerValue(head, 'cseq'));
    this.text = text;
    this.#bodyAt = head.length;
    this.#bodyEnd = head.length + (contentLength(head) ?? Infinity);
  }

  get headers(): readonly HeaderLine[] {
    this.#headers ??= readSipHead(this.text)?.headers ?? [];
    return this.#headers;
  }

  get body(): string {
    return this.text.slice(this.#bodyAt, this.#bodyEnd);
  }

  header(name: string): string | undefined {
    return headerValue(this, name);
  }

  all(name: string): readonly string[] {
    const key = headerKey(name);
    return this.headers.filter(([written]) => headerKey(written) === key).map(([, value]) => value);
  }
}

function cseq(value: string | undefined): WireMessage['cseq'] {
  const parts = /^(\d+)\s+(\S+)$/.exec(value ?? '');
  return parts?.[2] === undefined ? undefined : { number: Number(parts[1]), method: parts[2] };
}
