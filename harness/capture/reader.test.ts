import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ethernet, ipv4, pcapHeader, pcapRecord, tcp, udpPacket } from '../testing/built_packets.ts';
import { CaptureError, type CaptureErrorCode } from './capture_error.ts';
import { openCapture } from './reader.ts';

const ALICE = { address: '203.0.113.7', port: 5060 };
const BOB = { address: '203.0.113.200', port: 5060 };
const EDGE = { address: '198.18.67.33', port: 6160 };

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capture-reader-'));
});
after(() => rm(folder, { recursive: true }));

function request(callId: string): string {
  return `OPTIONS sip:b SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: 1 OPTIONS\r\n\r\n`;
}

/** Nothing captures here, so `settle` reads what there is and then stalls. */
function stalled(error: unknown): boolean {
  return error instanceof CaptureError && error.code === 'capture-stalled';
}

function refused(code: CaptureErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof CaptureError && error.code === code && message.test(error.message);
}

test('reads what was written since, and selects by call, endpoint and time', async () => {
  const file = join(folder, 'growing.pcap');
  const records = [
    pcapRecord(udpPacket(ALICE, EDGE, request('1')), [1, 0]),
    pcapRecord(udpPacket(EDGE, BOB, request('1')), [2, 0]),
    pcapRecord(udpPacket(BOB, EDGE, request('2')), [3, 0]),
    pcapRecord(udpPacket({ ...BOB, port: 5070 }, EDGE, 'OPTIONS sip:b SIP/2.0\r\n\r\n'), [4, 0]),
  ];
  const all = Buffer.concat(records);
  await writeFile(file, Buffer.concat([pcapHeader(), all.subarray(0, 150)]));
  const reader = openCapture(file, { settleTimeoutMs: 1 });
  try {
    await assert.rejects(reader.settle(), stalled);
    assert.equal(reader.messages().length, 1);
    await appendFile(file, all.subarray(150));
    await assert.rejects(reader.settle(), stalled);
    const times = (selection: Parameters<typeof reader.messages>[0]): number[] =>
      reader.messages(selection).map(({ time }) => time / 1000);
    assert.deepEqual(times({}), [1, 2, 3, 4]);
    assert.deepEqual(times({ callId: '1' }), [1, 2]);
    assert.deepEqual(times({ callId: ['2', '1', '2', 'none'] }), [1, 2, 3]);
    assert.deepEqual(times({ at: BOB }), [2, 3]);
    assert.deepEqual(times({ at: { address: BOB.address } }), [2, 3, 4]);
    assert.deepEqual(times({ between: [BOB, EDGE] }), [2, 3]);
    assert.deepEqual(times({ between: [ALICE, BOB] }), []);
    assert.deepEqual(times({ since: 2000, until: 4000 }), [2, 3]);
    assert.deepEqual(times({ callId: '1', since: 2000 }), [2]);
  } finally {
    await reader.close();
  }
});

test('gives the packets of a call as a capture file that reads the same', async () => {
  const file = join(folder, 'whole.pcap');
  const flow = { protocol: 6, source: ALICE.address, destination: EDGE.address };
  const ports = { sourcePort: ALICE.port, destinationPort: EDGE.port };
  const text = request('tcp-call');
  const pieces = [text.slice(0, 30), text.slice(30)].map((piece, index) =>
    ethernet(ipv4(flow, tcp({ ...ports, sequence: 1 + index * 30 }, piece))),
  );
  const records = [
    ...pieces,
    udpPacket(EDGE, BOB, request('other')),
    udpPacket(EDGE, BOB, request('udp-call')),
  ].map((raw, index) => pcapRecord(raw, [index, 7]));
  await writeFile(file, Buffer.concat([pcapHeader(), ...records]));
  const reader = openCapture(file, { settleTimeoutMs: 1 });
  try {
    await assert.rejects(reader.settle(), stalled);
    const wanted = [records[0], records[1], records[3]].map((record) => record ?? Buffer.alloc(0));
    const pcap = await reader.pcap(['udp-call', 'tcp-call', 'none']);
    assert.deepEqual(pcap, Buffer.concat([pcapHeader(), ...wanted]));
    assert.deepEqual(await reader.pcap([]), pcapHeader());
  } finally {
    await reader.close();
  }
});

test('says that the capture stalled, where, and what to look at', async () => {
  const file = join(folder, 'empty.pcap');
  await writeFile(file, '');
  const reader = openCapture(file, { settleTimeoutMs: 1 });
  try {
    await assert.rejects(
      reader.settle(),
      refused('capture-stalled', /empty\.pcap stalled: .* within 1 ms, at 0 bytes.*Does dumpcap still run/),
    );
  } finally {
    await reader.close();
  }
});

test('refuses a file that is not there, is no capture, or is of a link we do not read', async () => {
  assert.throws(
    () => openCapture(join(folder, 'missing.pcap')),
    refused('capture-file', /missing\.pcap cannot be read: was the capture started/),
  );
  const files: [string, Buffer, RegExp][] = [
    ['text.pcap', Buffer.alloc(100, 'x'), /begins with 0x78787878/],
    ['wireless.pcap', pcapHeader({ linkType: 105 }), /link type 105/],
  ];
  for (const [name, content, reason] of files) {
    const file = join(folder, name);
    await writeFile(file, content);
    const reader = openCapture(file);
    try {
      await assert.rejects(reader.settle(), refused('capture-file', reason));
    } finally {
      await reader.close();
    }
  }
});
