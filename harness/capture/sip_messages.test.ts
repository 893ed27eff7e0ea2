import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { bytesOf } from '../testing/built_packets.ts';
import type { TcpSegment, UdpDatagram } from './packet.ts';
import { SipMessageFinder, type WireMessage } from './sip_messages.ts';

const SOURCE = { address: '203.0.113.7', port: 5060 };
const DESTINATION = { address: '198.18.67.33', port: 6160 };
const INITIAL = 0xffffffe0;

function datagram(payload: string | Uint8Array): UdpDatagram {
  const bytes = bytesOf(payload);
  const packets = [{ offset: 24, length: 100 }];
  return { protocol: 'udp', time: 1, source: SOURCE, destination: DESTINATION, payload: bytes, packets };
}

/** A segment whose data begins `at` bytes behind the beginning of the stream. */
function segment(at: number, payload: string | Uint8Array, flags: Partial<TcpSegment> = {}): TcpSegment {
  return {
    protocol: 'tcp',
    time: at,
    source: SOURCE,
    destination: DESTINATION,
    syn: false,
    fin: false,
    reset: false,
    sequence: (INITIAL + 1 + at) >>> 0,
    payload: bytesOf(payload),
    packets: [{ offset: at, length: payload.length }],
    ...flags,
  };
}

const SYN = segment(-1, '', { syn: true });

function message(callId: string, body = ''): string {
  return `MESSAGE sip:b SIP/2.0\r\ni: ${callId}\r\nCSeq: 7  MESSAGE\r\nl: ${body.length}\r\n\r\n${body}`;
}

function found(finder: SipMessageFinder, segments: readonly (TcpSegment | UdpDatagram)[]): WireMessage[] {
  return segments.flatMap((one) => finder.push(one)).map((captured) => captured.message);
}

test('reads a datagram, and looks headers up by any of their names', () => {
  const text =
    'INVITE sip:b SIP/2.0\r\nVia: one, two\r\nv: three\r\ni: id@a\r\nCSeq: 314159 INVITE\r\nl: 4\r\n\r\nbodyrest';
  const [captured] = new SipMessageFinder().push(datagram(text));
  assert.ok(captured !== undefined);
  const { message: read, packets } = captured;
  assert.deepEqual(packets, [{ offset: 24, length: 100 }]);
  assert.deepEqual(
    [read.method, read.callId, read.cseq?.number, read.cseq?.method],
    ['INVITE', 'id@a', 314159, 'INVITE'],
  );
  assert.deepEqual([read.source, read.destination, read.protocol], [SOURCE, DESTINATION, 'udp']);
  assert.deepEqual(read.all('VIA'), ['one, two', 'three']);
  assert.equal(read.header('Content-Length'), '4');
  assert.equal(read.header('Contact'), undefined);
  assert.deepEqual([read.body, read.text], ['body', text]);
});

test('takes the rest of a datagram as the body where Content-Length is missing, wrong or too large', () => {
  for (const line of ['', 'Content-Length: -999\r\n', 'Content-Length: 9999\r\n', 'l: x\r\n']) {
    const [read] = found(new SipMessageFinder(), [datagram(`SIP/2.0 200 OK\r\n${line}\r\nbody`)]);
    assert.equal(read?.body, 'body', line);
  }
});

test('passes over datagrams that are not SIP', () => {
  assert.deepEqual(
    found(new SipMessageFinder(), [datagram(''), datagram('\r\n\r\n'), datagram(Buffer.alloc(172, 0x80))]),
    [],
  );
});

test('finds the messages of a stream in any slicing, order and repetition of its segments, each once', () => {
  const bodies = fc.array(fc.string({ unit: 'binary-ascii', maxLength: 30 }), { minLength: 1, maxLength: 5 });
  const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 20 });
  fc.assert(
    fc.property(
      bodies,
      cuts,
      fc.infiniteStream(fc.nat()),
      fc.boolean(),
      (contents, lengths, noise, fromSyn) => {
        const texts = contents.map((body, index) => message(`call-${index}`, body));
        const stream = texts.join('\r\n\r\n');
        const segments: TcpSegment[] = [];
        for (let at = 0; at < stream.length;) {
          const length = lengths.shift() ?? stream.length;
          segments.push(segment(at, stream.slice(at, at + length)));
          at += length;
        }
        const disordered = segments
          .flatMap((one) => ((noise.next().value ?? 0) % 4 === 0 ? [one, one] : [one]))
          .map((one) => ({ one, rank: (noise.next().value ?? 0) % 1000 }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        // Without its SYN a stream begins with what is seen first.
        const seen = fromSyn ? [SYN, SYN, ...disordered] : segments;
        const finder = new SipMessageFinder();
        assert.deepEqual(
          found(finder, seen).map(({ text }) => text),
          texts,
        );
      },
    ),
    { numRuns: 500 },
  );
});

test('joins segments that overlap', () => {
  const text = message('1', 'body');
  const segments = [
    SYN,
    segment(0, text.slice(0, 40)),
    segment(20, text.slice(20, 60)),
    segment(30, text.slice(30)),
  ];
  assert.deepEqual(
    found(new SipMessageFinder(), segments).map((one) => one.text),
    [text],
  );
});

test('names exactly the packets that carried a message of a stream', () => {
  const first = message('1');
  const second = message('2', 'body');
  const finder = new SipMessageFinder();
  const segments = [
    segment(0, first + second.slice(0, 10)),
    segment(first.length + 10, second.slice(10, 20)),
    segment(first.length + 20, second.slice(20)),
  ];
  const captured = segments.flatMap((one) => finder.push(one));
  assert.deepEqual(
    captured.map(({ packets }) => packets.map(({ offset }) => offset)),
    [[0], [0, first.length + 10, first.length + 20]],
  );
});

test('takes a new connection on old ports for another stream', () => {
  const finder = new SipMessageFinder();
  const again = { sequence: 5000 };
  const messages = found(finder, [
    SYN,
    segment(0, 'not sip\r\n'),
    { ...SYN, ...again },
    { ...segment(0, message('1')), sequence: 5001 },
  ]);
  assert.deepEqual(
    messages.map(({ callId }) => callId),
    ['1'],
  );
});

test('shows what came of a message when its stream ends early', () => {
  const text = 'INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 9999\r\n\r\nbody';
  const finder = new SipMessageFinder();
  assert.deepEqual(found(finder, [SYN, segment(0, text)]), []);
  const [cut] = found(finder, [
    segment(text.length, '', { fin: true }),
    segment(text.length, '', { fin: true }),
  ]);
  assert.deepEqual([cut?.text, cut?.body], [text, 'body']);
});

test('ignores streams of other protocols from their first line on', () => {
  for (const start of ['GET / HTTP/1.1\r\n', '\x16\x03\x01\x02', '\0\0\0\x08']) {
    const segments = [SYN, segment(0, start), segment(start.length, message('1'))];
    assert.deepEqual(found(new SipMessageFinder(), segments), [], start);
  }
});

test('never throws, whatever the segments', () => {
  const bits = fc.constantFrom(
    'INVITE sip:a SIP/2.0\r\n',
    'i: 1\r\n',
    'l: 3\r\n',
    'l: 99999999999\r\n',
    '\r\n',
    '\n',
    'x',
    '\0',
  );
  const payload = fc.oneof(
    fc.array(bits).map((parts) => Buffer.from(parts.join(''), 'latin1')),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  const anything = fc.record({
    at: fc.integer({ min: -5, max: 200 }),
    payload,
    syn: fc.boolean(),
    fin: fc.boolean(),
    reset: fc.boolean(),
    tcp: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(anything), (pieces) => {
      const segments = pieces.map(({ at, tcp, ...rest }) =>
        tcp ? segment(at, rest.payload, rest) : datagram(rest.payload),
      );
      for (const read of found(new SipMessageFinder(), segments))
        assert.ok(read.text.endsWith(read.body) || read.protocol === 'udp');
    }),
    { numRuns: 2000 },
  );
});
