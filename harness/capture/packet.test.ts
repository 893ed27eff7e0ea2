import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { ethernet, ipv4, ipv6, tcp, udp, udpPacket } from '../testing/built_packets.ts';
import { PacketReader, type Segment } from './packet.ts';

const CALLER = { address: '203.0.113.7', port: 5060 };
const EDGE = { address: '198.18.67.33', port: 6160 };
const UDP_ROUTE = { protocol: 17, source: CALLER.address, destination: EDGE.address };

function fragmentHeader(offsetField: number): Buffer {
  return Buffer.from([17, 0, 0, offsetField, 0, 0, 0, 9]);
}

function read(reader: PacketReader, raw: Buffer, offset = 24): Segment | undefined {
  return reader.read({ time: 5, raw, place: { offset, length: 16 + raw.length } });
}

test('reads a UDP datagram in Ethernet, without its padding', () => {
  const raw = udpPacket(CALLER, EDGE, 'payload');
  assert.deepEqual(read(new PacketReader(1), Buffer.concat([raw, Buffer.alloc(6)])), {
    protocol: 'udp',
    time: 5,
    source: CALLER,
    destination: EDGE,
    payload: Buffer.from('payload'),
    packets: [{ offset: 24, length: 16 + raw.length + 6 }],
  });
});

test('reads a TCP segment with options and flags', () => {
  const segment = tcp({ sourcePort: 4000, destinationPort: 6160, sequence: 0xfffffff0, flags: ['syn'] });
  segment.writeUInt8(6 << 4, 12);
  const raw = ipv4(
    { ...UDP_ROUTE, protocol: 6 },
    Buffer.concat([segment, Buffer.alloc(4), Buffer.from('x')]),
  );
  const found = read(new PacketReader(101), raw);
  assert.ok(found?.protocol === 'tcp');
  assert.equal(found.sequence, 0xfffffff0);
  assert.deepEqual([found.syn, found.fin, found.reset], [true, false, false]);
  assert.equal(found.payload.toString(), 'x');
});

test('reads every link type that a capture of ours may have', () => {
  const ip = ipv4(UDP_ROUTE, udp(CALLER.port, EDGE.port, 'x'));
  const cooked = Buffer.concat([Buffer.alloc(14), Buffer.from('0800', 'hex'), ip]);
  const tagged = Buffer.concat([Buffer.alloc(12), Buffer.from('8100000a0800', 'hex'), ip]);
  const links: [number, Buffer][] = [
    [0, Buffer.concat([Buffer.from([2, 0, 0, 0]), ip])],
    [1, ethernet(ip)],
    [1, tagged],
    [101, ip],
    [113, cooked],
  ];
  for (const [linkType, raw] of links) {
    assert.deepEqual(read(new PacketReader(linkType), raw)?.destination, EDGE, `link type ${linkType}`);
  }
});

test('takes the captured length where the total length is zero, as with offloaded segmentation', () => {
  const ip = ipv4(UDP_ROUTE, udp(CALLER.port, EDGE.port, 'x'));
  ip.writeUInt16BE(0, 2);
  assert.equal(read(new PacketReader(101), ip)?.payload.toString(), 'x');
});

test('puts IPv4 fragments together in any order, and names every packet', () => {
  const datagram = udp(CALLER.port, EDGE.port, 'a'.repeat(3000));
  const pieces = [0, 1480, 2960].map((fragmentOffset) =>
    ipv4(
      { ...UDP_ROUTE, identification: 7, fragmentOffset, moreFragments: fragmentOffset < 2960 },
      datagram.subarray(fragmentOffset, fragmentOffset + 1480),
    ),
  );
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 1, 2, 0],
  ]) {
    const reader = new PacketReader(101);
    const found = order.map((piece) => read(reader, pieces[piece] ?? Buffer.alloc(0), piece * 100));
    const whole = found.pop();
    assert.deepEqual(new Set(found), new Set([undefined]));
    assert.equal(whole?.payload.toString(), 'a'.repeat(3000));
    assert.deepEqual(
      whole?.packets.map(({ offset }) => offset),
      [0, 100, 200],
    );
  }
});

test('drops a datagram whose fragments overlap', () => {
  const reader = new PacketReader(101);
  const datagram = udp(CALLER.port, EDGE.port, 'a'.repeat(24));
  const first = ipv4({ ...UDP_ROUTE, moreFragments: true }, datagram.subarray(0, 24));
  const second = ipv4({ ...UDP_ROUTE, fragmentOffset: 16 }, datagram.subarray(16));
  assert.equal(read(reader, first), undefined);
  assert.equal(read(reader, second), undefined);
});

test('reads IPv6, behind extension headers and in fragments, with addresses in their shortest form', () => {
  const source = '20010db8000000000000000000000001';
  const destination = '20010db8000000000000000000000002';
  const datagram = udp(5060, 6160, 'payload of two fragments');
  const hopByHop = Buffer.concat([Buffer.from([17, 0, 0, 0, 0, 0, 0, 0]), datagram]);
  const plain = read(new PacketReader(101), ipv6(0, source, destination, hopByHop));
  assert.deepEqual(plain?.source, { address: '2001:db8::1', port: 5060 });
  assert.deepEqual(plain?.destination, { address: '2001:db8::2', port: 6160 });

  const reader = new PacketReader(101);
  const first = Buffer.concat([fragmentHeader(1), datagram.subarray(0, 16)]);
  const second = Buffer.concat([fragmentHeader(16), datagram.subarray(16)]);
  assert.equal(read(reader, ipv6(44, source, destination, first)), undefined);
  const whole = read(reader, ipv6(44, source, destination, second));
  assert.equal(whole?.payload.toString(), 'payload of two fragments');
});

test('never throws, whatever the bytes', () => {
  const valid = [
    ipv4(UDP_ROUTE, udp(1, 2, 'x')),
    ipv4({ ...UDP_ROUTE, protocol: 6 }, tcp({ sourcePort: 1, destinationPort: 2, sequence: 3 }, 'x')),
    ipv6(0, '00'.repeat(16), '11'.repeat(16), Buffer.alloc(40)),
  ];
  const damaged = fc
    .tuple(fc.constantFrom(...valid), fc.nat(), fc.uint8Array({ maxLength: 4 }), fc.nat({ max: 80 }))
    .map(([bytes, at, damage, length]) => {
      const raw = Buffer.from(bytes);
      raw.set(damage.slice(0, raw.length - (at % raw.length)), at % raw.length);
      return raw.subarray(0, length);
    });
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1, 101, 113),
      fc.oneof(
        damaged,
        fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
      ),
      (linkType, raw) => {
        const found = read(new PacketReader(linkType), raw);
        assert.ok(found === undefined || found.payload.length <= raw.length);
      },
    ),
    { numRuns: 2000 },
  );
});
