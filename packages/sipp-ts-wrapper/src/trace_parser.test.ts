import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { SippError } from './sipp_error.ts';
import { TraceParser, type TracedMessage } from './trace_parser.ts';

const DASHES = '-----------------------------------------------';

const request = 'OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nCall-ID: 1\r\n\r\n';

interface Written {
  direction: 'sent' | 'received';
  transport: string;
  body: string;
}

/** How a version of SIPp writes a message, as its real traces show. */
type Form = (message: Written, micros?: number) => string;

const form3_6: Form = ({ direction, transport, body }, micros = 175867) => {
  const head = direction === 'sent' ? `sent (${body.length} bytes):` : `received [${body.length}] bytes :`;
  return `${DASHES} 2026-11-21 20:42:21.${fraction(micros)}\n${transport} message ${head}\n\n${body}\n`;
};
const form3_7_5: Form = ({ direction, transport, body }, micros = 175867) =>
  `${DASHES} 2026-11-21T20:42:21.${fraction(micros)}Z\n${transport} message ${direction} [${body.length}] bytes:\n\n${body}\n`;
const FORMS = { '3.6': form3_6, '3.7.5': form3_7_5 };

function fraction(micros: number): string {
  return String(micros).padStart(6, '0');
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

describe('a recorded trace', () => {
  const message = [
    'MESSAGE sip:a@127.0.0.1:15170 SIP/2.0',
    'Via: SIP/2.0/TCP 127.0.0.1:15171;branch=',
    'From: <sip:c@127.0.0.1>;tag=1',
    'To: <sip:a@127.0.0.1>',
    'Call-ID: 1',
    'CSeq: 1 MESSAGE',
    'Content-Length:    17',
    '',
    'two lines:',
    '\xE9\x01\xFF\r\n',
  ].join('\r\n');
  const seconds = Date.UTC(2026, 10, 29, 11, 57) / 1000;
  const recordings = [
    { version: '3.6.1', times: [32.54429, 32.544555] },
    // Recorded with the clock of Newfoundland, 3:30 behind UTC.
    { version: '3.7.7', times: [34.087829, 34.088136] },
  ];
  for (const { version, times } of recordings) {
    test(`of SIPp ${version} gives every message, octet for octet`, () => {
      const file = join(import.meta.dirname, '..', 'test', 'traces', `sipp-${version}.trace`);
      const [sent, received, ...others] = parse(readFileSync(file, 'latin1'));
      assert.deepEqual(others, []);
      assert.equal(sent!.text.replace(/(?<=branch=)\S+/, ''), message);
      assert.match(received!.text, /^SIP\/2\.0 200 OK\r\n[^]*\r\nContent-Length: 0\r\n\r\n$/);
      assert.deepEqual(
        [sent, received].map((one) => [one!.direction, one!.transport, one!.truncated]),
        [
          ['sent', 'tcp', false],
          ['received', 'tcp', false],
        ],
      );
      for (const [index, one] of [sent, received].entries()) {
        assert.ok(Math.abs(one!.time / 1000 - seconds - times[index]!) < 1e-6, `${one!.time}`);
      }
    });
  }
});

describe('an unknown form', () => {
  const blocks = [
    `${DASHES} 2026-11-21T20:42:21.175867Z\nUDP message sent {47 bytes}\n\n${request}\n`,
    `${DASHES} 20:42:21\nUDP message received [47] octets:\n\n${request}\n`,
    `${DASHES} 2026-11-21T20:42:21.175867Z\nmessage sent to 127.0.0.1, 47 bytes\n${request}\n`,
  ];
  for (const block of blocks) {
    const line = block.split('\n')[1]!;
    test(`is an error and never an empty list: ${line}`, () => {
      for (const trace of [
        block,
        FORMS['3.7.5']({ direction: 'sent', transport: 'UDP', body: request }) + block,
      ]) {
        for (const cuts of [[], [60], [90], [1, 70, 100]]) {
          assert.throws(
            () => parse(trace, cuts),
            (error) =>
              error instanceof SippError && error.code === 'TRACE_UNREADABLE' && error.message.includes(line),
          );
        }
      }
    });
  }

  test('is searched in linear time', () => {
    const noise = `${'-'.repeat(2000)}\nUDP message sent message sent ${'message sent '.repeat(20)}\n`;
    const time = (copies: number) => {
      const started = performance.now();
      assert.deepEqual(parse(noise.repeat(copies)), []);
      return performance.now() - started;
    };
    time(200);
    const [short, long] = [time(200), time(2000)];
    assert.ok(long < 40 * Math.max(short, 5), `${short} ms for 200 blocks, ${long} ms for 2000`);
  });
});

for (const [version, written] of Object.entries(FORMS))
  describe(`a trace in the form of SIPp ${version}`, () => {
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

    test('gives every transport and direction, and what the body holds', () => {
      const body = `${request}line one\r\nline two\n\n\x01\x02\xff\n${DASHES}\n`;
      const messages = ['UDP', 'TCP', 'TLS', 'SCTP'].flatMap((transport) => [
        { direction: 'sent' as const, transport, body },
        { direction: 'received' as const, transport, body: 'SIP/2.0 200 OK\r\n\r\n' },
      ]);
      assert.deepEqual(
        parse(messages.map((one) => written(one)).join('')).map(({ direction, transport, text }) => ({
          direction,
          transport: transport.toUpperCase(),
          body: text,
        })),
        messages,
      );
    });

    test('may hold messages between two SIPps, which are no SIP', () => {
      const message = written({ direction: 'sent', transport: 'TCP', body: request });
      const control = message.replace('TCP message', 'TCP control message');
      assert.equal(parse(control + message + control).length, 1);
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
