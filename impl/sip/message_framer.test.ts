import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { MAX_HEADER_OCTETS } from './header_section.ts';
import { MessageFramer } from './message_framer.ts';
import { parseMessage } from './parser.ts';

/** The messages and pings that a stream in these segments is cut into. */
function cut(segments: readonly Buffer[]) {
  const messages: string[] = [];
  let pings = 0;
  const framer = new MessageFramer({
    framed: (packet) => messages.push(packet.toString('latin1')),
    pinged: (count) => (pings += count),
  });
  for (const segment of segments) framer.push(segment);
  return { messages, pings, isOver: framer.isOver, isMidMessage: framer.isMidMessage };
}

const cutText = (...segments: readonly string[]) => cut(segments.map((text) => Buffer.from(text, 'latin1')));

/** A request with `lines` after the required fields. */
function request(lines: readonly string[], body = ''): string {
  const head = [
    'MESSAGE sip:app@sip-uri.voice-api.example SIP/2.0',
    'Via: SIP/2.0/TCP 203.0.113.7:5060;branch=z9hG4bK1',
    'From: <sip:caller@customer.example>;tag=f1',
    'To: <sip:app@sip-uri.voice-api.example>',
    'Call-ID: c1',
    'CSeq: 1 MESSAGE',
    ...lines,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const EMPTY = request(['Content-Length: 0']);
const FULL = request(['Subject: Content-Length: 7', 'l: 12'], '\r\n\r\nMESSAGE ');

test('messages come out whole: several from one segment, one from many (18.3)', () => {
  assert.deepEqual(cutText(EMPTY + FULL + EMPTY).messages, [EMPTY, FULL, EMPTY]);
  const octets = (FULL + EMPTY).split('');
  assert.deepEqual(cutText(...octets).messages, [FULL, EMPTY]);
  assert.equal(cutText(FULL.slice(0, -1)).isMidMessage, true);
  assert.equal(cutText(FULL).isMidMessage, false);
});

test('any segmentation gives the same messages and pings', () => {
  const piece = fc.oneof(
    fc.constantFrom('\r\n', '\r\n\r\n', EMPTY),
    fc
      .record({ body: fc.string({ maxLength: 300 }), name: fc.constantFrom('Content-Length', 'l', 'L ') })
      .map(({ body, name }) => {
        const octets = Buffer.from(body).toString('latin1');
        return request([`${name}: ${octets.length}`], octets);
      }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.nat(3000), { maxLength: 20 }),
      (pieces, cuts) => {
        const stream = Buffer.from(pieces.join(''), 'latin1');
        const places = [0, ...cuts.filter((at) => at < stream.length), stream.length].toSorted(
          (a, b) => a - b,
        );
        const segments = places.slice(1).map((end, index) => stream.subarray(places[index], end));
        const whole = cut([stream]);
        assert.deepEqual(cut(segments), whole);
        assert.deepEqual(
          whole.messages,
          pieces.filter((text) => text.length > 4),
        );
      },
    ),
  );
});

test('a double CRLF between messages is a ping, a single one is not (RFC 5626 3.5.1)', () => {
  assert.equal(cutText('\r\n\r\n').pings, 1);
  assert.equal(cutText('\r\n', '\r\n').pings, 1);
  assert.equal(cutText('\r\n').pings, 0);
  assert.equal(cutText(`\r\n${EMPTY}\r\n${EMPTY}\r\n\r\n\r\n\r\n`).pings, 2);
});

const BROKEN: readonly (readonly [what: string, head: string, status: number])[] = [
  ['no Content-Length', request([]), 400],
  ['a negative Content-Length', request(['Content-Length: -1']), 400],
  ['a Content-Length beyond 32 bits', request(['Content-Length: 4294967328']), 400],
  ['a Content-Length of eleven digits', request(['Content-Length: 00000000001']), 400],
  ['a large Content-Length', request(['Content-Length: 1000000']), 413],
  ['two of them', request(['Content-Length: 4', 'Content-Length: 5']), 400],
  ['two equal ones, one in compact form', request(['Content-Length: 4', 'l: 4']), 400],
  ['a second one with blanks before the colon', request(['Content-Length: 4', 'content-length \t: 5']), 400],
  ['an empty one', request(['Content-Length:']), 400],
  ['words', request(['Content-Length: four']), 400],
  ['two numbers', request(['Content-Length: 4, 4']), 400],
  ['one that only a bare LF makes a line of', request(['Subject: x\nContent-Length: 4']), 400],
  ['one that only a bare CR makes a line of', request(['Subject: x\rContent-Length: 4']), 400],
  ['a bare LF before a right one', request(['Subject: x\nY: z', 'Content-Length: 4']), 400],
];
for (const [what, head, status] of BROKEN) {
  test(`${what}: the head is handed on and refused with ${status}, and the rest is ignored`, () => {
    const { messages, isOver } = cutText(head + EMPTY, EMPTY);
    assert.deepEqual(messages, [head]);
    assert.equal(isOver, true);
    const parsed = parseMessage(Buffer.from(head, 'latin1'), true);
    assert.equal(parsed.kind === 'malformed' && parsed.status, status);
  });
}

test('a folded Content-Length counts', () => {
  const folded = request(['Content-Length:\r\n\t 3\r\n '], 'abc');
  assert.deepEqual(cutText(folded + EMPTY).messages, [folded, EMPTY]);
});

test('header fields that do not end are cut off at the limit, and can still be answered', () => {
  const endless = request(['Content-Length: 0']).slice(0, -2) + 'X: y\r\n'.repeat(MAX_HEADER_OCTETS / 6);
  const { messages, isOver } = cutText(...(endless.match(/[^]{1,1000}/g) ?? []));
  assert.equal(isOver, true);
  assert.equal(messages.length, 1);
  assert.equal(messages[0]!.length, MAX_HEADER_OCTETS);
  assert.equal(parseMessage(Buffer.from(messages[0]!, 'latin1'), true).kind, 'malformed');
});

test('parser and framer agree on where each message ends', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'Content-Length: 0',
      'l: 2',
      'L\t:\r\n 2',
      'Content-length : 2',
      'Contact: <sip:a@h>',
      'l:',
    ),
    fc.string({ maxLength: 8 }).map((value) => `Content-Length: ${value}`),
    fc.string({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
      const { messages, isOver } = cutText(`${request(lines)}ab${EMPTY}`);
      const [first] = messages;
      // The message is longer than the stream.
      if (first === undefined) return;
      const parsed = parseMessage(Buffer.from(first, 'latin1'), true);
      if (isOver && messages.length === 1) assert.notEqual(parsed.kind, 'request');
      else if (parsed.kind === 'request') assert.equal(parsed.end, first.length);
    }),
    { numRuns: 2000 },
  );
});

test('after end() no message is handed on, neither of the same segment nor of a later one', () => {
  const messages: string[] = [];
  const framer = new MessageFramer({
    framed: (packet) => {
      messages.push(packet.toString('latin1'));
      framer.end();
    },
    pinged: () => undefined,
  });
  framer.push(Buffer.from(EMPTY + FULL));
  framer.push(Buffer.from(EMPTY));
  assert.deepEqual(messages, [EMPTY]);
  assert.equal(framer.isMidMessage, false);
});

test('time is linear in the octets, however small the segments', () => {
  const body = 'x'.repeat(30_000);
  const filler = Array.from({ length: 100 }, () => `X: ${'y'.repeat(140)}`);
  const message = Buffer.from(request([...filler, `l: ${body.length}`], body));
  const segments = Array.from({ length: 20 }, () => [...message].map((octet) => Buffer.of(octet))).flat();
  const start = process.cpuUsage();
  assert.equal(cut(segments).messages.length, 20);
  const { user, system } = process.cpuUsage(start);
  // A search from the start at each octet would take 20 × 15 000 × 7 500 steps in the header fields alone.
  assert.ok(user + system < 1_500_000, `${user + system} µs for ${segments.length} octets`);
});
