import type { Endpoint } from './endpoint.ts';
import { FragmentStore } from './fragments.ts';
import type { PacketPlace, PcapPacket } from './pcap.ts';

interface Carried {
  /** Milliseconds since the epoch. Of a fragmented packet: when its last piece came. */
  readonly time: number;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** Valid only as long as the packet it was read from. */
  readonly payload: Buffer;
  /** The packets that carried it: one, or the fragments. */
  readonly packets: readonly PacketPlace[];
}

/** A UDP datagram (RFC 768). */
export interface UdpDatagram extends Carried {
  readonly protocol: 'udp';
}

/** A TCP segment (RFC 9293 3.1). */
export interface TcpSegment extends Carried {
  readonly protocol: 'tcp';
  readonly sequence: number;
  readonly syn: boolean;
  readonly fin: boolean;
  readonly reset: boolean;
}

/** What may carry SIP messages, or parts of them. */
export type Segment = UdpDatagram | TcpSegment;

/** What an IP packet carries once its options, extension headers and fragments are dealt with. */
interface IpPayload {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly payload: Buffer;
  readonly packets: readonly PacketPlace[];
}

const LINKTYPE_NULL = 0;
const LINKTYPE_ETHERNET = 1;
const LINKTYPE_RAW = 101;
const LINKTYPE_LINUX_SLL = 113;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_VLAN = 0x8100;

const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;

/** True for the link types that `PacketReader` understands. */
export function understandsLinkType(linkType: number): boolean {
  return [LINKTYPE_NULL, LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_LINUX_SLL].includes(linkType);
}

/**
 * Reads UDP datagrams and TCP segments from packets. Gives undefined for what is truncated, malformed or of another
 * protocol. Ignores checksums: over loopback the kernel never fills them in.
 */
export class PacketReader {
  readonly #linkType: number;
  readonly #fragments = new FragmentStore();

  constructor(linkType: number) {
    this.#linkType = linkType;
  }

  read(packet: PcapPacket): Segment | undefined {
    const ip = ipPacket(this.#linkType, packet.raw);
    if (ip === undefined || ip.length < 20) return undefined;
    const version = ip.readUInt8(0) >> 4;
    let carried: IpPayload | undefined;
    if (version === 4) carried = this.#ipv4(ip, packet);
    else if (version === 6) carried = this.#ipv6(ip, packet);
    if (carried === undefined) return undefined;
    if (carried.protocol === PROTOCOL_UDP) return udpDatagram(carried, packet.time);
    if (carried.protocol === PROTOCOL_TCP) return tcpSegment(carried, packet.time);
    return undefined;
  }

  /** RFC 791 3.1. */
  #ipv4(ip: Buffer, packet: PcapPacket): IpPayload | undefined {
    const headerLength = (ip.readUInt8(0) & 0x0f) * 4;
    // Zero where segmentation was left to the network card: the packet is then as long as captured.
    const totalLength = ip.readUInt16BE(2) || ip.length;
    if (headerLength < 20 || totalLength < headerLength || totalLength > ip.length) return undefined;
    const protocol = ip.readUInt8(9);
    const source = ipv4Address(ip, 12);
    const destination = ipv4Address(ip, 16);
    const payload = ip.subarray(headerLength, totalLength);
    const fragmentField = ip.readUInt16BE(6);
    const more = (fragmentField & 0x2000) !== 0;
    const offset = (fragmentField & 0x1fff) * 8;
    if (!more && offset === 0) return { protocol, source, destination, payload, packets: [packet.place] };
    const whole = this.#fragments.add({
      datagram: `${source} ${destination} ${protocol} ${ip.readUInt16BE(4)}`,
      offset,
      more,
      payload,
      place: packet.place,
    });
    return whole && { protocol, source, destination, payload: whole.payload, packets: whole.places };
  }

  /** RFC 8200 3 and 4. */
  #ipv6(ip: Buffer, packet: PcapPacket): IpPayload | undefined {
    if (ip.length < 40) return undefined;
    const end = 40 + (ip.readUInt16BE(4) || ip.length - 40);
    if (end > ip.length) return undefined;
    const source = ipv6Address(ip, 8);
    const destination = ipv6Address(ip, 24);
    const first = extensions(ip.subarray(0, end), 40, ip.readUInt8(6));
    if (first === undefined) return undefined;
    if (first.protocol !== FRAGMENT) {
      const payload = ip.subarray(first.at, end);
      return { protocol: first.protocol, source, destination, payload, packets: [packet.place] };
    }
    if (first.at + 8 > end) return undefined;
    const offsetField = ip.readUInt16BE(first.at + 2);
    const whole = this.#fragments.add({
      datagram: `${source} ${destination} ${ip.readUInt32BE(first.at + 4)}`,
      offset: offsetField & 0xfff8,
      more: (offsetField & 1) !== 0,
      payload: ip.subarray(first.at + 8, end),
      place: packet.place,
    });
    if (whole === undefined) return undefined;
    const last = extensions(whole.payload, 0, ip.readUInt8(first.at));
    if (last === undefined) return undefined;
    const payload = whole.payload.subarray(last.at);
    return { protocol: last.protocol, source, destination, payload, packets: whole.places };
  }
}

function ipPacket(linkType: number, raw: Buffer): Buffer | undefined {
  if (linkType === LINKTYPE_RAW) return raw;
  if (linkType === LINKTYPE_NULL) return raw.subarray(4);
  let at = linkType === LINKTYPE_ETHERNET ? 12 : 14;
  if (raw.length < at + 2) return undefined;
  let etherType = raw.readUInt16BE(at);
  while (etherType === ETHERTYPE_VLAN && at + 6 <= raw.length) {
    at += 4;
    etherType = raw.readUInt16BE(at);
  }
  return etherType === ETHERTYPE_IPV4 || etherType === ETHERTYPE_IPV6 ? raw.subarray(at + 2) : undefined;
}

/** Steps over the extension headers that may precede the payload, up to a fragment header. */
function extensions(ip: Buffer, start: number, next: number): { protocol: number; at: number } | undefined {
  let protocol = next;
  let at = start;
  while (protocol === HOP_BY_HOP || protocol === ROUTING || protocol === DESTINATION_OPTIONS) {
    if (at + 8 > ip.length) return undefined;
    protocol = ip.readUInt8(at);
    at += (ip.readUInt8(at + 1) + 1) * 8;
  }
  return at <= ip.length ? { protocol, at } : undefined;
}

/** RFC 768. */
function udpDatagram(ip: IpPayload, time: number): UdpDatagram | undefined {
  const { payload: udp } = ip;
  if (udp.length < 8) return undefined;
  const length = udp.readUInt16BE(4);
  if (length < 8 || length > udp.length) return undefined;
  return {
    protocol: 'udp',
    time,
    source: { address: ip.source, port: udp.readUInt16BE(0) },
    destination: { address: ip.destination, port: udp.readUInt16BE(2) },
    payload: udp.subarray(8, length),
    packets: ip.packets,
  };
}

/** RFC 9293 3.1. */
function tcpSegment(ip: IpPayload, time: number): TcpSegment | undefined {
  const { payload: tcp } = ip;
  if (tcp.length < 20) return undefined;
  const headerLength = (tcp.readUInt8(12) >> 4) * 4;
  if (headerLength < 20 || headerLength > tcp.length) return undefined;
  const flags = tcp.readUInt8(13);
  return {
    protocol: 'tcp',
    time,
    source: { address: ip.source, port: tcp.readUInt16BE(0) },
    destination: { address: ip.destination, port: tcp.readUInt16BE(2) },
    payload: tcp.subarray(headerLength),
    packets: ip.packets,
    sequence: tcp.readUInt32BE(4),
    fin: (flags & 0x01) !== 0,
    syn: (flags & 0x02) !== 0,
    reset: (flags & 0x04) !== 0,
  };
}

function ipv4Address(data: Buffer, at: number): string {
  return `${data[at]}.${data[at + 1]}.${data[at + 2]}.${data[at + 3]}`;
}

function ipv6Address(data: Buffer, at: number): string {
  const groups: string[] = [];
  for (let group = 0; group < 8; group++) groups.push(data.readUInt16BE(at + group * 2).toString(16));
  // The URL parser shortens as RFC 5952 4 asks for.
  return new URL(`sip-host://[${groups.join(':')}]`).hostname.slice(1, -1);
}
