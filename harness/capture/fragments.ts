import type { PacketPlace } from './pcap.ts';

interface Fragment {
  /** Names the datagram: addresses, protocol and identification. */
  readonly datagram: string;
  /** In bytes. */
  readonly offset: number;
  readonly more: boolean;
  readonly payload: Buffer;
  readonly place: PacketPlace;
}

interface WholeDatagram {
  readonly payload: Buffer;
  readonly places: readonly PacketPlace[];
}

const LONGEST_DATAGRAM = 65_535;
/** How many incomplete datagrams are kept; the oldest is dropped first. */
const MOST_INCOMPLETE = 64;

/** Puts IP fragments together (RFC 791 3.2, RFC 8200 4.5). Overlapping pieces void their datagram (RFC 5722). */
export class FragmentStore {
  readonly #incomplete = new Map<string, Fragment[]>();

  /** The whole datagram where `fragment` completes it; else undefined. */
  add(fragment: Fragment): WholeDatagram | undefined {
    const { datagram, offset, payload } = fragment;
    if (offset + payload.length > LONGEST_DATAGRAM) return undefined;
    const pieces = this.#incomplete.get(datagram) ?? [];
    const twin = pieces.find((piece) => piece.offset === offset && piece.payload.equals(payload));
    if (twin !== undefined) return undefined;
    pieces.push({ ...fragment, payload: Buffer.from(payload) });
    pieces.sort((a, b) => a.offset - b.offset);
    this.#incomplete.set(datagram, pieces);
    if (overlap(pieces)) {
      this.#incomplete.delete(datagram);
      return undefined;
    }
    if (complete(pieces)) {
      this.#incomplete.delete(datagram);
      return {
        payload: Buffer.concat(pieces.map((piece) => piece.payload)),
        places: pieces.map((piece) => piece.place).toSorted((a, b) => a.offset - b.offset),
      };
    }
    if (this.#incomplete.size > MOST_INCOMPLETE) {
      const [oldest] = this.#incomplete.keys();
      if (oldest !== undefined) this.#incomplete.delete(oldest);
    }
    return undefined;
  }
}

function overlap(pieces: readonly Fragment[]): boolean {
  return pieces.some((piece, index) => {
    const next = pieces[index + 1];
    return next !== undefined && piece.offset + piece.payload.length > next.offset;
  });
}

function complete(pieces: readonly Fragment[]): boolean {
  let expected = 0;
  for (const piece of pieces) {
    if (piece.offset !== expected) return false;
    expected += piece.payload.length;
  }
  return pieces.at(-1)?.more === false;
}
