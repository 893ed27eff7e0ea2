/** Where a packet's record (its 16-byte header included) lies in the capture file, in bytes. */
export interface PacketPlace {
  readonly offset: number;
  readonly length: number;
}

/** A captured packet. */
export interface PcapPacket {
  /** When the kernel saw it: milliseconds since the epoch, with the fraction. */
  readonly time: number;
  /** The packet from its link header on. Valid until the next `push` only. */
  readonly raw: Buffer;
  readonly place: PacketPlace;
}

const FILE_HEADER_LENGTH = 24;
const RECORD_HEADER_LENGTH = 16;
/** The largest snapshot length that libpcap accepts: a longer record is damage, not a packet. */
const LONGEST_RECORD = 262_144;

interface FileFormat {
  readonly littleEndian: boolean;
  readonly fractionsPerMillisecond: number;
}

/** The four magic numbers, read as a big-endian word. */
const FORMATS: ReadonlyMap<number, FileFormat> = new Map([
  [0xa1b2c3d4, { littleEndian: false, fractionsPerMillisecond: 1e3 }],
  [0xd4c3b2a1, { littleEndian: true, fractionsPerMillisecond: 1e3 }],
  [0xa1b23c4d, { littleEndian: false, fractionsPerMillisecond: 1e6 }],
  [0x4d3cb2a1, { littleEndian: true, fractionsPerMillisecond: 1e6 }],
]);

/**
 * Reads a libpcap file as it grows (draft-ietf-opsawg-pcap). Any slicing of the bytes gives the same packets; half a
 * record is kept until the rest comes.
 */
export class PcapDecoder {
  /** Why nothing more can be read, when the bytes are not a libpcap file. */
  unreadable: string | undefined;
  /** LINKTYPE_ of every packet; undefined until the file header is there. */
  linkType: number | undefined;
  /** The file's own header, to begin another file with. */
  fileHeader: Buffer | undefined;
  #format: FileFormat = { littleEndian: true, fractionsPerMillisecond: 1e3 };
  #rest: Buffer = Buffer.alloc(0);
  /** File offset of the first byte of `#rest`. */
  #offset = 0;

  /** Takes the file's next bytes and returns the packets they complete. Keeps no reference to `bytes`. */
  push(bytes: Buffer): PcapPacket[] {
    if (this.unreadable !== undefined) return [];
    const data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    if (this.fileHeader === undefined) {
      at = this.#readFileHeader(data);
      if (this.fileHeader === undefined) {
        this.#rest = Buffer.from(data);
        return [];
      }
    }
    const packets: PcapPacket[] = [];
    while (at + RECORD_HEADER_LENGTH <= data.length) {
      const captured = this.#word(data, at + 8);
      if (captured > LONGEST_RECORD) {
        this.unreadable = `the record at byte ${this.#offset + at} claims ${captured} bytes: the file is damaged`;
        return packets;
      }
      const length = RECORD_HEADER_LENGTH + captured;
      if (at + length > data.length) break;
      const fraction = this.#word(data, at + 4) / this.#format.fractionsPerMillisecond;
      packets.push({
        time: this.#word(data, at) * 1000 + fraction,
        raw: data.subarray(at + RECORD_HEADER_LENGTH, at + length),
        place: { offset: this.#offset + at, length },
      });
      at += length;
    }
    this.#offset += at;
    this.#rest = Buffer.from(data.subarray(at));
    return packets;
  }

  #readFileHeader(data: Buffer): number {
    if (data.length < FILE_HEADER_LENGTH) return 0;
    const magic = data.readUInt32BE(0);
    const format = FORMATS.get(magic);
    if (format === undefined) {
      this.unreadable =
        magic === 0x0a0d0d0a
          ? 'the file is pcapng: have it written as libpcap (dumpcap -P)'
          : `the file begins with 0x${magic.toString(16).padStart(8, '0')}, which no libpcap file does`;
      return 0;
    }
    this.#format = format;
    // The upper bits carry the length of a frame check sequence.
    this.linkType = this.#word(data, 20) & 0xffff;
    this.fileHeader = Buffer.from(data.subarray(0, FILE_HEADER_LENGTH));
    return FILE_HEADER_LENGTH;
  }

  #word(data: Buffer, at: number): number {
    return this.#format.littleEndian ? data.readUInt32LE(at) : data.readUInt32BE(at);
  }
}
