import type { Endpoint } from '../capture/endpoint.ts';

/** Builds packets and capture files byte by byte, for tests of their readers. */

const ETHERNET_IPV4 = Buffer.from('0000000000000000000000000800', 'hex');

interface FileShape {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly linkType?: number;
}

export function pcapHeader({
  littleEndian = true,
  nanoseconds = false,
  linkType = 1,
}: FileShape = {}): Buffer {
  const words = [nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 0x00020004, 0, 0, 262_144, linkType];
  if (littleEndian) words[1] = 0x00040002;
  return Buffer.concat(words.map((value) => word(value, littleEndian)));
}

/** @param time seconds, and millionths or billionths of one as the file counts */
export function pcapRecord(
  raw: Buffer,
  time: readonly [number, number] = [0, 0],
  littleEndian = true,
): Buffer {
  const words = [time[0], time[1], raw.length, raw.length].map((value) => word(value, littleEndian));
  return Buffer.concat([...words, raw]);
}

function word(value: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  if (littleEndian) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

/** The payload as bytes; of a text, one byte per character. */
export function bytesOf(payload: string | Uint8Array): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload, 'latin1') : Buffer.from(payload);
}

export function ethernet(ip: Buffer): Buffer {
  return Buffer.concat([ETHERNET_IPV4, ip]);
}

interface Ipv4Shape {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly identification?: number;
  /** In bytes. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
}

export function ipv4(shape: Ipv4Shape, payload: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(shape.identification ?? 0, 4);
  header.writeUInt16BE((shape.moreFragments === true ? 0x2000 : 0) | ((shape.fragmentOffset ?? 0) / 8), 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(shape.protocol, 9);
  Buffer.from(shape.source.split('.').map(Number)).copy(header, 12);
  Buffer.from(shape.destination.split('.').map(Number)).copy(header, 16);
  return Buffer.concat([header, payload]);
}

export function ipv6(next: number, source: string, destination: string, payload: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(payload.length, 4);
  header.writeUInt8(next, 6);
  Buffer.from(source, 'hex').copy(header, 8);
  Buffer.from(destination, 'hex').copy(header, 24);
  return Buffer.concat([header, payload]);
}

export function udp(sourcePort: number, destinationPort: number, payload: string | Buffer): Buffer {
  const data = bytesOf(payload);
  const header = Buffer.alloc(8);
  header.writeUInt16BE(sourcePort, 0);
  header.writeUInt16BE(destinationPort, 2);
  header.writeUInt16BE(8 + data.length, 4);
  return Buffer.concat([header, data]);
}

type TcpFlag = 'fin' | 'syn' | 'reset';
const FLAG_BITS: Readonly<Record<TcpFlag, number>> = { fin: 1, syn: 2, reset: 4 };

interface TcpShape {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly flags?: readonly TcpFlag[];
}

export function tcp(shape: TcpShape, payload: string | Buffer = ''): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(shape.sourcePort, 0);
  header.writeUInt16BE(shape.destinationPort, 2);
  header.writeUInt32BE(shape.sequence >>> 0, 4);
  header.writeUInt8(5 << 4, 12);
  header.writeUInt8(
    (shape.flags ?? []).reduce((bits, flag) => bits | FLAG_BITS[flag], 0),
    13,
  );
  return Buffer.concat([header, bytesOf(payload)]);
}

/** A datagram in a packet as `lo` gives it. */
export function udpPacket(source: Endpoint, destination: Endpoint, payload: string | Buffer): Buffer {
  const shape = { protocol: 17, source: source.address, destination: destination.address };
  return ethernet(ipv4(shape, udp(source.port, destination.port, payload)));
}
