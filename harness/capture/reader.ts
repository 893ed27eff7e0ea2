import { closeSync, openSync, read } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { CaptureError } from './capture_error.ts';
import { type EndpointPattern, matchesEndpoint } from './endpoint.ts';
import { type MarkerSocket, openMarkerSocket, uniqueMarker } from './marker.ts';
import { PacketReader, type Segment, understandsLinkType } from './packet.ts';
import { type PacketPlace, PcapDecoder } from './pcap.ts';
import { type CapturedMessage, SipMessageFinder, type WireMessage } from './sip_messages.ts';

/** Selects the messages that meet every condition given. */
export interface MessageSelection {
  /** Of one call, or of several. */
  readonly callId?: string | readonly string[];
  /** From or to here. */
  readonly at?: EndpointPattern;
  /** From one of these to the other, either way. */
  readonly between?: readonly [EndpointPattern, EndpointPattern];
  /** Not before this time, in milliseconds since the epoch. */
  readonly since?: number;
  /** Before this time, in milliseconds since the epoch. */
  readonly until?: number;
}

/** Reads a capture file while it grows. Any thread or process in the capture's network namespace may have one. */
export interface CaptureReader {
  /**
   * Waits until everything that was on the wire before the call has been read. That takes up to a quarter of a second,
   * for which the kernel holds packets back.
   * @throws CaptureError `capture-stalled` after `settleTimeoutMs`, `capture-file` if the file is no capture.
   */
  settle(): Promise<void>;
  /** The messages read so far, in the order of the wire, each packet's once. */
  messages(selection?: MessageSelection): readonly WireMessage[];
  /** A capture file with only the packets that carried messages of these calls; `most` limits their number. */
  pcap(callIds: readonly string[], most?: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** How a capture is read. */
export interface CaptureReaderOptions {
  /** In milliseconds; default 5,000. No verdict depends on it. */
  readonly settleTimeoutMs?: number;
}

const POLL_MS = 5;
/** A marker may be dropped like any packet, so another is sent. `Capture.stop` reports what was dropped. */
const POLLS_PER_MARKER = 100;
const CHUNK_BYTES = 1024 * 1024;
const readAt = promisify(read);

/**
 * Opens a capture file that may still grow.
 * @throws CaptureError `capture-file` when the file cannot be opened.
 */
export function openCapture(file: string, options: CaptureReaderOptions = {}): CaptureReader {
  try {
    return new GrowingCapture(file, openSync(file, 'r'), options.settleTimeoutMs ?? 5_000);
  } catch (cause) {
    throw new CaptureError(
      'capture-file',
      `The capture file ${file} cannot be read: was the capture started?`,
      {
        cause,
      },
    );
  }
}

class GrowingCapture implements CaptureReader {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #settleTimeoutMs: number;
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  readonly #decoder = new PcapDecoder();
  readonly #finder = new SipMessageFinder();
  readonly #captured: CapturedMessage[] = [];
  readonly #messages: WireMessage[] = [];
  /** Places in `#captured`, rising. */
  readonly #byCallId = new Map<string, number[]>();
  /** Markers that are waited for. */
  readonly #awaited = new Set<string>();
  #packetReader: PacketReader | undefined;
  #offset = 0;
  #reading: Promise<void> | undefined;
  #markers: Promise<MarkerSocket> | undefined;
  #markerPort: number | undefined;

  constructor(file: string, descriptor: number, settleTimeoutMs: number) {
    this.#file = file;
    this.#descriptor = descriptor;
    this.#settleTimeoutMs = settleTimeoutMs;
  }

  async settle(): Promise<void> {
    const deadline = performance.now() + this.#settleTimeoutMs;
    const marker = uniqueMarker();
    this.#awaited.add(marker);
    try {
      for (let polls = 0; ; polls++) {
        if (polls % POLLS_PER_MARKER === 0) await this.#send(marker);
        await this.#readOn();
        if (!this.#awaited.has(marker)) return;
        if (performance.now() > deadline) throw this.#stalled();
        await delay(POLL_MS);
      }
    } finally {
      this.#awaited.delete(marker);
    }
  }

  messages(selection: MessageSelection = {}): readonly WireMessage[] {
    const { callId, at, between, since = -Infinity, until = Infinity } = selection;
    const candidates = callId === undefined ? this.#messages : this.#ofCalls([callId].flat()).map(messageOf);
    return candidates.filter(
      (message) =>
        message.time >= since &&
        message.time < until &&
        (at === undefined ||
          matchesEndpoint(at, message.source) ||
          matchesEndpoint(at, message.destination)) &&
        (between === undefined || isBetween(between, message)),
    );
  }

  async pcap(callIds: readonly string[], most = Infinity): Promise<Buffer> {
    const places = new Map<number, PacketPlace>();
    for (const { packets } of this.#ofCalls(callIds)) {
      for (const place of packets) places.set(place.offset, place);
    }
    const inOrder = [...places.values()].toSorted((a, b) => a.offset - b.offset).slice(0, most);
    const fileHeader = this.#decoder.fileHeader ?? Buffer.alloc(0);
    return Buffer.concat([fileHeader, ...(await Promise.all(inOrder.map((place) => this.#record(place))))]);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#reading, this.#markers?.then((socket) => socket.close())]);
    closeSync(this.#descriptor);
  }

  #ofCalls(callIds: readonly string[]): CapturedMessage[] {
    const indexes = [...new Set(callIds)].flatMap((callId) => this.#byCallId.get(callId) ?? []);
    return indexes
      .toSorted((a, b) => a - b)
      .map((index) => this.#captured[index])
      .filter((captured) => captured !== undefined);
  }

  async #record(place: PacketPlace): Promise<Buffer> {
    const record = Buffer.alloc(place.length);
    await readAt(this.#descriptor, record, 0, place.length, place.offset);
    return record;
  }

  async #send(marker: string): Promise<void> {
    try {
      this.#markers ??= openMarkerSocket();
      const socket = await this.#markers;
      this.#markerPort = socket.port;
      await socket.send(marker);
    } catch (cause) {
      const message = 'No datagram can be sent to 127.0.0.1: is lo up? (ip link set lo up)';
      throw new CaptureError('interface-unusable', message, { cause });
    }
  }

  /** Reads to the end of the file; callers at the same time share one reading. */
  #readOn(): Promise<void> {
    this.#reading ??= this.#readToEnd().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readToEnd(): Promise<void> {
    for (;;) {
      const { bytesRead } = await readAt(this.#descriptor, this.#chunk, 0, CHUNK_BYTES, this.#offset);
      this.#offset += bytesRead;
      this.#take(this.#chunk.subarray(0, bytesRead));
      if (bytesRead < CHUNK_BYTES) return;
    }
  }

  #take(bytes: Buffer): void {
    const packets = this.#decoder.push(bytes);
    const { unreadable, linkType } = this.#decoder;
    if (linkType !== undefined && !understandsLinkType(linkType)) {
      throw this.#unreadable(`its link type ${linkType} is not one we read: capture on lo`);
    }
    for (const packet of packets) {
      this.#packetReader ??= new PacketReader(linkType ?? 0);
      const segment = this.#packetReader.read(packet);
      if (segment === undefined) continue;
      if (segment.destination.port === this.#markerPort) this.#passMarker(segment);
      for (const captured of this.#finder.push(segment)) this.#keep(captured);
    }
    if (unreadable !== undefined) throw this.#unreadable(unreadable);
  }

  #passMarker(segment: Segment): void {
    this.#awaited.delete(segment.payload.toString('latin1'));
  }

  #keep(captured: CapturedMessage): void {
    const index = this.#captured.push(captured) - 1;
    this.#messages.push(captured.message);
    const { callId } = captured.message;
    if (callId === undefined) return;
    const ofCall = this.#byCallId.get(callId);
    if (ofCall === undefined) this.#byCallId.set(callId, [index]);
    else ofCall.push(index);
  }

  #stalled(): CaptureError {
    return new CaptureError(
      'capture-stalled',
      `The capture ${this.#file} stalled: a datagram to 127.0.0.1 was not in it within ${this.#settleTimeoutMs} ms, at ${this.#offset} bytes. Does dumpcap still run, on lo, in this network namespace?`,
    );
  }

  #unreadable(why: string): CaptureError {
    return new CaptureError('capture-file', `The capture file ${this.#file} cannot be read: ${why}.`);
  }
}

function messageOf(captured: CapturedMessage): WireMessage {
  return captured.message;
}

function isBetween([one, other]: readonly [EndpointPattern, EndpointPattern], message: WireMessage): boolean {
  const { source, destination } = message;
  return (
    (matchesEndpoint(one, source) && matchesEndpoint(other, destination)) ||
    (matchesEndpoint(other, source) && matchesEndpoint(one, destination))
  );
}
