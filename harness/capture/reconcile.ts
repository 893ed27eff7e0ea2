import { type EndpointPattern, matchesEndpoint } from './endpoint.ts';
import { headerValue, readSipHead } from './sip_head.ts';
import type { WireMessage } from './sip_messages.ts';

type Direction = 'sent' | 'received';

/** A message in SIPp's own message trace. */
export interface TracedMessage {
  /** Milliseconds since the epoch, by the clock of the capture. */
  readonly time: number;
  /** From SIPp's point of view. */
  readonly direction: Direction;
  /** `udp` or `tcp`, in any case. */
  readonly transport: string;
  /** Latin1: a character is a byte. */
  readonly text: string;
}

/** The agreed messages, or a sentence about the disagreement. */
export type Reconciliation =
  | { readonly agreed: readonly WireMessage[]; readonly disagreement?: undefined }
  | { readonly disagreement: string; readonly agreed?: undefined };

/**
 * A message that arrived this long before SIPp's last traced one, or later, may be unread: SIPp looks at its socket
 * between two sends, and ends without looking again.
 */
const UNREAD_MS = 50;

interface Sighting {
  readonly message: WireMessage;
  readonly direction: Direction;
  readonly key: string;
  traced: boolean;
}

/**
 * Compares two witnesses of one SIPp process: its trace and the wire. They agree when every traced message was on the
 * wire in the same direction and as often, and everything on the wire was traced, except what arrived when SIPp no
 * longer read.
 *
 * @param wire in the order of the wire; messages of others than `local` are skipped
 * @param local where SIPp sent from and listened. Without a port: every port of the address, for a SIPp that opens a
 *   socket for each call
 * @returns the traced messages as they were on the wire, in its order; or one sentence that says which witness
 *   lacks which message
 */
export function reconcile(
  trace: readonly TracedMessage[],
  wire: readonly WireMessage[],
  local: EndpointPattern,
): Reconciliation {
  const sightings = sightingsOf(wire, local);
  const unclaimed = Map.groupBy(sightings, ({ key }) => key);
  /** How many of each key are claimed. A call that loops has tens of thousands of equal messages. */
  const claimed = new Map<string, number>();
  const complaints: (() => string)[] = [];
  for (const traced of trace) {
    const key = messageKey(traced.direction, traced.transport, traced.text);
    const claims = claimed.get(key) ?? 0;
    const sighting = unclaimed.get(key)?.[claims];
    if (sighting === undefined) {
      complaints.push(() => wireLacks(traced, trace, claims));
    } else {
      sighting.traced = true;
      claimed.set(key, claims + 1);
    }
  }
  const end = trace.reduce((latest, { time }) => Math.max(latest, time), -Infinity);
  for (const sighting of untracedInTime(sightings, end)) complaints.push(() => traceLacks(sighting));
  const [first, ...others] = complaints;
  if (first === undefined) {
    return { agreed: sightings.filter(({ traced }) => traced).map(({ message }) => message) };
  }
  return {
    disagreement: others.length === 0 ? `${first()}.` : `${first()}; ${others.length} more disagree.`,
  };
}

function sightingsOf(wire: readonly WireMessage[], local: EndpointPattern): Sighting[] {
  return wire.flatMap((message) => {
    const sightings: Sighting[] = [];
    for (const direction of ['sent', 'received'] as const) {
      const ours = direction === 'sent' ? message.source : message.destination;
      if (!matchesEndpoint(local, ours)) continue;
      const key = messageKey(direction, message.protocol, message.text);
      sightings.push({ message, direction, key, traced: false });
    }
    return sightings;
  });
}

/** The trace may have other white space at the ends of a message than the wire; all else must be equal. */
function messageKey(direction: Direction, transport: string, text: string): string {
  return `${direction} ${transport.toLowerCase()} ${text.trim()}`;
}

/** What SIPp should have traced: everything it sent, and everything that arrived while it still read. */
function untracedInTime(sightings: readonly Sighting[], end: number): Sighting[] {
  const missing: Sighting[] = [];
  /** Sockets from which a later message was read, so this one must have been read too. */
  const readLater = new Set<string>();
  for (const sighting of sightings.toReversed()) {
    const { message, direction } = sighting;
    const socket = socketOf(message);
    if (sighting.traced) {
      if (direction === 'received') readLater.add(socket);
    } else if (direction === 'sent' || readLater.has(socket) || message.time < end - UNREAD_MS) {
      missing.push(sighting);
    }
  }
  return missing.toReversed();
}

/** The receiver's socket. */
function socketOf({ protocol, source, destination }: WireMessage): string {
  const to = `${protocol} ${destination.address} ${destination.port}`;
  return protocol === 'udp' ? to : `${to} ${source.address} ${source.port}`;
}

function wireLacks(traced: TracedMessage, trace: readonly TracedMessage[], onWire: number): string {
  const { direction, transport, text, time } = traced;
  const key = messageKey(direction, transport, text);
  const inTrace = trace.filter((one) => messageKey(one.direction, one.transport, one.text) === key).length;
  const counts = onWire === 0 ? 'the wire lacks it' : `it was on the wire ${onWire} times, traced ${inTrace}`;
  return `SIPp's trace says that it ${direction} ${named(text)} over ${transport} at ${clock(time)}, but ${counts}`;
}

function traceLacks({ message, direction }: Sighting): string {
  const what = direction === 'sent' ? 'SIPp sent' : 'SIPp was sent';
  return `The wire says that ${what} ${named(message.text)} over ${message.protocol} at ${clock(message.time)}, but SIPp's trace lacks it`;
}

function named(text: string): string {
  const head = readSipHead(text);
  if (head === undefined) return `"${text.trimStart().split(/\r?\n/, 1)[0]?.slice(0, 100)}"`;
  const callId = headerValue(head, 'call-id') ?? 'none';
  return `"${head.startLine.slice(0, 100)}" (CSeq ${headerValue(head, 'cseq') ?? 'none'}, Call-ID ${callId})`;
}

function clock(time: number): string {
  return Number.isFinite(time) && Math.abs(time) < 8.64e15 ? new Date(time).toISOString() : `${time}`;
}
