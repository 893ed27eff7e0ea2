import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { pcapHeader, pcapRecord } from '../testing/built_packets.ts';
import { PcapDecoder } from './pcap.ts';

const SHAPES = [
  { littleEndian: true, nanoseconds: false, fraction: 250_500 },
  { littleEndian: false, nanoseconds: false, fraction: 250_500 },
  { littleEndian: true, nanoseconds: true, fraction: 250_500_000 },
  { littleEndian: false, nanoseconds: true, fraction: 250_500_000 },
];

for (const { fraction, ...shape } of SHAPES) {
  test(`reads a file of shape ${JSON.stringify(shape)}`, () => {
    const decoder = new PcapDecoder();
    const record = pcapRecord(Buffer.from('packet'), [1_700_000_000, fraction], shape.littleEndian);
    const packets = decoder.push(Buffer.concat([pcapHeader({ ...shape, linkType: 113 }), record]));
    assert.equal(decoder.unreadable, undefined);
    assert.equal(decoder.linkType, 113);
    assert.deepEqual(packets, [
      { time: 1_700_000_000_250.5, raw: Buffer.from('packet'), place: { offset: 24, length: 22 } },
    ]);
  });
}

test('gives the same packets however the bytes are sliced, each at its place in the file', () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  fc.assert(
    fc.property(payloads, fc.array(fc.nat({ max: 60 }), { maxLength: 30 }), (contents, slices) => {
      const records = contents.map((content, index) => pcapRecord(Buffer.from(content), [index, 0]));
      const file = Buffer.concat([pcapHeader(), ...records]);
      const decoder = new PcapDecoder();
      const seen: Buffer[] = [];
      let at = 0;
      for (const length of [...slices, file.length]) {
        const slice = Buffer.from(file.subarray(at, at + length));
        for (const { raw, place } of decoder.push(slice)) {
          seen.push(Buffer.from(raw));
          assert.deepEqual(file.subarray(place.offset + 16, place.offset + place.length), raw);
        }
        slice.fill(0xff);
        at += length;
      }
      assert.deepEqual(
        seen,
        contents.map((content) => Buffer.from(content)),
      );
    }),
  );
});

test('holds a record that is written half', () => {
  const decoder = new PcapDecoder();
  const record = pcapRecord(Buffer.from('packet'));
  assert.deepEqual(decoder.push(Buffer.concat([pcapHeader(), record.subarray(0, 20)])), []);
  assert.equal(decoder.push(record.subarray(20)).length, 1);
});

test('says what to do with a pcapng file, and that any other is no capture', () => {
  const pcapng = new PcapDecoder();
  pcapng.push(Buffer.concat([Buffer.from('0a0d0d0a', 'hex'), Buffer.alloc(20)]));
  assert.match(pcapng.unreadable ?? '', /dumpcap -P/);
  const other = new PcapDecoder();
  assert.deepEqual(other.push(Buffer.alloc(100, 'x')), []);
  assert.match(other.unreadable ?? '', /0x78787878/);
});

test('stops at a record of impossible length, after the packets before it', () => {
  const decoder = new PcapDecoder();
  const damaged = Buffer.alloc(16, 0xff);
  const packets = decoder.push(Buffer.concat([pcapHeader(), pcapRecord(Buffer.from('fine')), damaged]));
  assert.equal(packets.length, 1);
  assert.match(decoder.unreadable ?? '', /byte 44 claims 4294967295 bytes/);
  assert.deepEqual(decoder.push(pcapRecord(Buffer.from('more'))), []);
});
