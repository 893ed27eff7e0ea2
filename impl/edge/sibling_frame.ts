import { timingSafeEqual } from 'node:crypto';

import { ipv4Number, formatIpv4Address } from '../net/ipv4.ts';
import type { SocketAddress } from '../net/socket_address.ts';
import { KeyedHash } from '../runtime/keyed_hash.ts';

/** The first octet of a frame. No SIP or STUN message begins with it. */
export const FRAME_MARK = 0xff;

const KINDS = ['ask', 'answer', 'ended'] as const;
type Kind = (typeof KINDS)[number];

const KIND_AT = 1;
const SEQUENCE_AT = 2;
const MAC_AT = 10;
const MAC_OCTETS = 16;
const CONTENT_AT = MAC_AT + MAC_OCTETS;
const PACKET_AT = CONTENT_AT + 6;
const ANSWER_OCTETS = CONTENT_AT + 11;

/** What the workers on one address tell each other. */
export type SiblingFrame =
  /** Whose request is this? `source` is where it came from; `packet` is a slice of the frame's datagram. */
  | {
      readonly kind: 'ask';
      readonly sequence: number;
      readonly source: SocketAddress;
      readonly packet: Buffer;
    }
  /** Answers the ask with that sequence number: whether the request has been taken. */
  | { readonly kind: 'answer'; readonly asked: number; readonly isTaken: boolean }
  /** The dialogs with those keys have ended. */
  | { readonly kind: 'ended'; readonly dialogKeys: readonly string[] };

/** A frame to send, and its sequence number. */
export interface SentFrame {
  readonly sequence: number;
  readonly octets: Buffer;
}

/**
 * The frames between the workers on one address, under a MAC that covers the port they are sent from. The sequence
 * numbers from one port always rise, so that no frame is taken twice; loopback keeps the order.
 */
export class SiblingFrames {
  readonly #keyed: KeyedHash;
  readonly #port: number;
  #sequence: number;
  #siblings: readonly number[] = [];
  /** The number of the last frame from each port. Only holders of the key can make an entry. */
  readonly #heard = new Map<number, number>();

  /**
   * `key`: 16 to 64 octets. `port`: this worker's own. `firstSequence`: above every number that a process on this port
   * has used, such as the microseconds since the epoch.
   */
  constructor(key: Buffer, port: number, firstSequence: number) {
    this.#keyed = new KeyedHash(key);
    this.#port = port;
    this.#sequence = firstSequence;
  }

  /** The siblings' ports. */
  get siblings(): readonly number[] {
    return this.#siblings;
  }

  /**
   * Sets the siblings: these ports, without this worker's own. A new one may be heard before it is listed here. The
   * number of one that went is forgotten, as a new worker may get its port.
   */
  siblingsAre(ports: readonly number[]): void {
    this.#siblings = ports.filter((port) => port !== this.#port);
    for (const port of this.#heard.keys()) if (!ports.includes(port)) this.#heard.delete(port);
  }

  /** Asks whose request this is; `source` is where it came from. */
  ask(packet: Buffer, source: SocketAddress): SentFrame {
    const octets = Buffer.allocUnsafe(PACKET_AT + packet.length);
    octets.writeUInt32BE(ipv4Number(source.address) ?? 0, CONTENT_AT);
    octets.writeUInt16BE(source.port, CONTENT_AT + 4);
    packet.copy(octets, PACKET_AT);
    return this.#sealed('ask', octets);
  }

  /** Answers the ask number `asked`, which came from that port. */
  answer(port: number, asked: number, isTaken: boolean): SentFrame {
    const octets = Buffer.allocUnsafe(ANSWER_OCTETS);
    octets.writeUInt16BE(port, CONTENT_AT);
    octets.writeDoubleBE(asked, CONTENT_AT + 2);
    octets[CONTENT_AT + 10] = isTaken ? 1 : 0;
    return this.#sealed('answer', octets);
  }

  /** Tells that dialogs have ended. No key holds a line break. */
  ended(dialogKeys: readonly string[]): SentFrame {
    const keys = dialogKeys.join('\n');
    const octets = Buffer.allocUnsafe(CONTENT_AT + keys.length);
    octets.write(keys, CONTENT_AT, 'latin1');
    return this.#sealed('ended', octets);
  }

  /** What a datagram from that port says; undefined if it is cut short, forged, repeated, or for another worker. */
  read(octets: Buffer, port: number): SiblingFrame | undefined {
    const kind = KINDS[octets[KIND_AT] ?? KINDS.length];
    if (kind === undefined || octets.length < CONTENT_AT) return undefined;
    const mac = octets.subarray(MAC_AT, CONTENT_AT);
    if (!timingSafeEqual(this.#mac(octets, port), mac)) return undefined;
    const sequence = octets.readDoubleBE(SEQUENCE_AT);
    if (sequence <= (this.#heard.get(port) ?? 0)) return undefined;
    this.#heard.set(port, sequence);
    return this.#content(kind, octets, sequence);
  }

  /** The MAC was right, so the methods above wrote the content, and it is whole. */
  #content(kind: Kind, octets: Buffer, sequence: number): SiblingFrame | undefined {
    if (kind === 'ended') return { kind, dialogKeys: octets.toString('latin1', CONTENT_AT).split('\n') };
    if (kind === 'ask') {
      const address = formatIpv4Address(octets.readUInt32BE(CONTENT_AT));
      const source = { address, port: octets.readUInt16BE(CONTENT_AT + 4) };
      return { kind, sequence, source, packet: octets.subarray(PACKET_AT) };
    }
    // An answer for another port is a replay of a frame that was not for this worker.
    if (octets.readUInt16BE(CONTENT_AT) !== this.#port) return undefined;
    return { kind, asked: octets.readDoubleBE(CONTENT_AT + 2), isTaken: octets[CONTENT_AT + 10] === 1 };
  }

  #sealed(kind: Kind, octets: Buffer): SentFrame {
    const sequence = ++this.#sequence;
    octets[0] = FRAME_MARK;
    octets[KIND_AT] = KINDS.indexOf(kind);
    octets.writeDoubleBE(sequence, SEQUENCE_AT);
    this.#mac(octets, this.#port).copy(octets, MAC_AT);
    return { sequence, octets };
  }

  #mac(octets: Buffer, port: number): Buffer {
    const head = octets.toString('latin1', 0, MAC_AT);
    return this.#keyed
      .digest(`${port}|${head}${octets.toString('latin1', CONTENT_AT)}`)
      .subarray(0, MAC_OCTETS);
  }
}
