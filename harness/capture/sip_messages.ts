import type { Endpoint } from './endpoint.ts';
import type { Segment, TcpSegment, UdpDatagram } from './packet.ts';
import type { PacketPlace } from './pcap.ts';
import {
  callIdOf,
  type HeaderLine,
  headerKey,
  headerValue,
  readSipHead,
  readSipStart,
  type SipHead,
  type SipStart,
} from './sip_head.ts';
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

/** The message in a datagram that was seen now; undefined where it is none. */
export function messageIn(payload: Buffer, source: Endpoint, destination: Endpoint): WireMessage | undefined {
  const segment = { protocol: 'udp', time: Date.now(), source, destination, payload, packets: [] } as const;
  return fromDatagram(segment)[0]?.message;
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
  const start = readSipStart(text);
  return start === undefined
    ? []
    : [{ message: new CapturedText(segment, start, text), packets: segment.packets }];
}

/**
 * Keeps the text and the value that calls are found by. The rest is read on demand: each thread of a run captures some
 * hundred thousand messages and looks at few.
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
  readonly text: string;
  readonly #start: SipStart;
  #read: SipHead | undefined;

  constructor(segment: Segment, start: SipStart, text: string) {
    this.time = segment.time;
    this.protocol = segment.protocol;
    this.source = segment.source;
    this.destination = segment.destination;
    this.#start = start;
    this.startLine = start.startLine;
    this.method = start.method;
    this.status = start.status;
    this.reason = start.reason;
    this.callId = callIdOf(text);
    this.text = text;
  }

  get #head(): SipHead {
    this.#read ??= readSipHead(this.text) ?? { ...this.#start, headers: [], length: 0 };
    return this.#read;
  }

  get headers(): readonly HeaderLine[] {
    return this.#head.headers;
  }

  get cseq(): WireMessage['cseq'] {
    return cseq(this.header('cseq'));
  }

  get body(): string {
    const { length } = this.#head;
    return this.text.slice(length, length + (contentLength(this.#head) ?? Infinity));
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
