import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { TraceParser, type TracedMessage } from './trace_parser.ts';

const DASHES = '-----------------------------------------------';

interface Written {
  direction: 'sent' | 'received';
  transport: string;
  body: string;
}

/** What SIPp 3.6.1 writes, as its real traces show. */
function written({ direction, transport, body }: Written, micros = 175867): string {
  const head = direction === 'sent' ? `sent (${body.length} bytes):` : `received [${body.length}] bytes :`;
  return `${DASHES} 2026-11-21 20:42:21.${String(micros).padStart(6, '0')}\n${transport} message ${head}\n\n${body}\n`;
}

function parse(trace: string, cuts: readonly number[] = []): TracedMessage[] {
  const octets = Buffer.from(trace, 'latin1');
  const parser = new TraceParser();
  const bounds = [
    0,
    ...cuts.map((cut) => cut % (octets.length + 1)).toSorted((a, b) => a - b),
    octets.length,
  ];
  const messages = bounds.slice(1).flatMap((end, index) => parser.push(octets.subarray(bounds[index], end)));
  return [...messages, ...parser.end()];
}

const request = 'OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nCall-ID: 1\r\n\r\n';

describe('a trace', () => {
  test('gives time, direction, transport and text', () => {
    assert.deepEqual(parse(written({ direction: 'sent', transport: 'UDP', body: request })), [
      {
        time: Date.UTC(2026, 10, 21, 20, 42, 21) + 175.867,
        direction: 'sent',
        transport: 'udp',
        text: request,
        truncated: false,
      },
    ]);
  });

  test('may hold remarks and repeated messages between', () => {
    const trace = [
      'Problem EAGAIN on socket  6 and poll_idx  is 1 \nExit problem event on socket 6 \n',
      written({ direction: 'received', transport: 'TCP', body: request }),
      `${DASHES}\nUnexpected TCP message received:\n\n${request}\n`,
      written({ direction: 'sent', transport: 'TCP', body: 'SIP/2.0 200 OK\r\n\r\n' }),
      'Problem EAGAIN on socket  6 and poll_idx  is 1 \n',
    ].join('');
    assert.deepEqual(
      parse(trace).map(({ text }) => text),
      [request, 'SIP/2.0 200 OK\r\n\r\n'],
    );
  });

  test('marks a message that SIPp cut at a NUL octet, and finds the next', () => {
    const cut = written({
      direction: 'received',
      transport: 'UDP',
      body: `${request}a${'x'.repeat(40)}`,
    }).replace('x'.repeat(40), '');
    const next = written({ direction: 'sent', transport: 'UDP', body: request });
    const unexpected = `${DASHES}\nUnexpected UDP message received:\n\n${request}a\n`;
    for (const trace of [cut, cut + next, cut + unexpected + next]) {
      const [first, ...rest] = parse(trace);
      assert.deepEqual([first?.text, first?.truncated], [`${request}a`, true]);
      assert.deepEqual(
        rest.map(({ text, truncated }) => [text, truncated]),
        trace.includes(next) ? [[request, false]] : [],
      );
    }
  });

  test('reads the same however it is cut into chunks, whatever the bodies hold', () => {
    const octet = fc.oneof(
      fc.constantFrom('\r\n', '\n', `\n${DASHES}`, DASHES, ' '),
      fc.string({ unit: 'binary-ascii' }),
    );
    const body = fc
      .array(octet)
      .map((parts) => `SIP/2.0 200 OK\r\n\r\n${parts.join('').replaceAll('\0', '')}\xe9\xff`);
    const message = fc.record({
      direction: fc.constantFrom<'sent' | 'received'>('sent', 'received'),
      transport: fc.constantFrom('UDP', 'TCP'),
      body,
    });
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat()), (messages, cuts) => {
        const trace = messages.map((one, index) => written(one, index)).join('');
        const read = parse(trace, cuts);
        assert.deepEqual(
          read.map(({ direction, transport, text, truncated }) => ({
            direction,
            transport,
            text,
            truncated,
          })),
          messages.map(({ direction, transport, body: text }) => ({
            direction,
            transport: transport.toLowerCase(),
            text,
            truncated: false,
          })),
        );
      }),
    );
  });

  test('yields a message as soon as its last octet is there', () => {
    const parser = new TraceParser();
    const trace = Buffer.from(written({ direction: 'sent', transport: 'UDP', body: request }));
    assert.deepEqual(parser.push(trace.subarray(0, -2)), []);
    assert.equal(parser.push(trace.subarray(-2)).length, 1);
    assert.deepEqual(parser.end(), []);
  });
});
