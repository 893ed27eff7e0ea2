import type { Endpoint } from '../capture/endpoint.ts';
import type { Randomness } from '../randomness.ts';

/** A request line by line, an octet a character. Each can be replaced by what no client would write. */
export interface RawLines {
  readonly method: string;
  readonly uri: string;
  readonly version: string;
  /** Lines directly after the start line. */
  readonly first: readonly string[];
  readonly via: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: string;
  /** Lines after those every request has. */
  readonly others: readonly string[];
  readonly contentLength: string;
  readonly body: string;
  /** The Call-IDs that anything which comes of it has. */
  readonly callIds: readonly string[];
}

/** A request, and what it tries in a few words. */
export type NamedLines = readonly [name: string, lines: RawLines];

/** What an unremarkable request is made of. */
export interface RawShape {
  readonly method: string;
  readonly uri: string;
  readonly to: string;
  readonly cseq?: number;
  /** Absent: a new call. */
  readonly callId?: string;
  /** Absent: a new tag. */
  readonly fromTag?: string;
  readonly transport?: 'UDP' | 'TCP';
  /** User part of the caller's URI; absent: `caller`. */
  readonly user?: string;
  readonly others?: readonly string[];
}

/** The lines of an unremarkable request from `local`. */
export function linesOf(shape: RawShape, local: Endpoint, randomness: Randomness): RawLines {
  const { method, uri, to, cseq = 1, transport = 'UDP', user = 'caller', others = [] } = shape;
  const { callId = `${randomness.uuid()}@${local.address}`, fromTag = randomness.hex(8) } = shape;
  const end = `${local.address}:${local.port}`;
  return {
    method,
    uri,
    version: 'SIP/2.0',
    first: [],
    via: `Via: SIP/2.0/${transport} ${end};branch=z9hG4bK${randomness.hex(12)};rport`,
    from: `From: <sip:${user}@${end}>;tag=${fromTag}`,
    to: `To: ${to}`,
    callId: `Call-ID: ${callId}`,
    cseq: `CSeq: ${cseq} ${method}`,
    others: [`Contact: <sip:${user}@${end}>`, 'Max-Forwards: 70', ...others],
    contentLength: 'Content-Length: 0',
    body: '',
    callIds: [callId],
  };
}

/** The request with this Max-Forwards; `none`: without one. */
export function withHops(lines: RawLines, hops: string): RawLines {
  const others = lines.others.filter((line) => !line.startsWith('Max-Forwards:'));
  return { ...lines, others: hops === 'none' ? others : [...others, `Max-Forwards: ${hops}`] };
}

/** The request as it goes on the wire. Empty lines are left out: so a line can be taken away. */
export function written(lines: RawLines): string {
  const { method, uri, version, first, via, from, to, callId, cseq, others, contentLength, body } = lines;
  const all = [...first, via, from, to, callId, cseq, ...others, contentLength];
  const head = [`${method} ${uri} ${version}`, ...all.filter((line) => line !== '')];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
