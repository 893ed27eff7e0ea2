import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import type { MalformedRequest, SipRequest } from './message.ts';
import { parseMessage } from './parser.ts';

const REQUIRED: Readonly<Record<string, string>> = {
  Via: 'SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK1;rport',
  From: '<sip:caller@customer.example>;tag=f1',
  To: '<sip:app@sip-uri.voice-api.example>',
  'Call-ID': 'c1@203.0.113.7',
  CSeq: '1 INVITE',
};

interface MessageText {
  readonly line?: string;
  /** Replaces a required field's value; undefined leaves the field out. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  /** Whole lines after the required ones. */
  readonly extra?: readonly string[];
  readonly body?: string;
}

function messageText({ line, fields = {}, extra = [], body = '' }: MessageText): string {
  const lines = Object.entries({ ...REQUIRED, ...fields }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return [line ?? 'INVITE sip:app@sip-uri.voice-api.example SIP/2.0', ...lines, ...extra, '', body].join(
    '\r\n',
  );
}

const parse = (text: string) => parseMessage(Buffer.from(text, 'latin1'));

function parsedRequest(message: MessageText): SipRequest {
  const parsed = parse(messageText(message));
  assert.equal(parsed.kind, 'request', JSON.stringify(parsed));
  return parsed;
}

function refused(text: string): MalformedRequest {
  const parsed = parse(text);
  assert.equal(parsed.kind, 'malformed', JSON.stringify(parsed));
  return parsed;
}

test('header fields stay in order, each with its name as written and its canonical key', () => {
  const { headers } = parsedRequest({
    extra: ['X-One :1', 'subJECT:\t two', 's: three', 'x: 90', 'k:', 'uNKNOWN: 4'],
  });
  assert.deepEqual(
    headers.slice(5).map(({ name, key, value }) => [name, key, value]),
    [
      ['X-One', 'x-one', '1'],
      ['subJECT', 'subject', 'two'],
      ['s', 'subject', 'three'],
      ['x', 'session-expires', '90'],
      ['k', 'supported', ''],
      ['uNKNOWN', 'unknown', '4'],
    ],
  );
});

test('folded lines belong to their field, and the value keeps them (RFC 3261 7.3.1)', () => {
  const request = parsedRequest({
    fields: { To: '\r\n  <sip:app@sip-uri.voice-api.example>\r\n\t;tag=t1', CSeq: '0009\r\n  INVITE' },
    extra: ['Subject: one\r\n two'],
  });
  assert.equal(request.to.tag, 't1');
  assert.equal(request.cseq, 9);
  assert.equal(request.value('subject'), 'one\r\n two');
});

test('compact forms mean the long ones', () => {
  const text = messageText({})
    .replace('Via', 'v')
    .replace('From', 'f')
    .replace('To', 'T')
    .replace('Call-ID', 'i');
  const parsed = parse(text);
  assert.equal(parsed.kind, 'request');
  assert.equal(parsed.callId, 'c1@203.0.113.7');
});

test('a method is a token that is not unescaped, and its case matters', () => {
  assert.equal(
    parsedRequest({ line: 'INV%49TE sip:a@example.com SIP/2.0', fields: { CSeq: '1 INV%49TE' } }).method,
    'INV%49TE',
  );
  assert.equal(refused(messageText({ line: 'invite sip:a@example.com SIP/2.0' })).status, 400);
});

test('octets after Content-Length are not part of the message (RFC 3261 18.3)', () => {
  const request = parsedRequest({ extra: ['Content-Length: 3'], body: 'abcINVITE' });
  assert.equal(request.text.slice(request.bodyStart, request.end), 'abc');
});

test('a response is read with an empty reason phrase and with octets above ASCII', () => {
  for (const line of ['SIP/2.0 100 ', 'SIP/2.0 180', 'SIP/2.0 200 \xc3\xa9']) {
    assert.equal(parse(messageText({ line })).kind, 'response', line);
  }
});

const MALFORMED: readonly (readonly [what: string, message: MessageText, status: number])[] = [
  ['another version', { line: 'INVITE sip:a@example.com SIP/7.0' }, 505],
  ['no version', { line: 'INVITE sip:a@example.com' }, 400],
  ['another scheme', { line: 'INVITE nobody:knows SIP/2.0' }, 416],
  ['a Request-URI in brackets', { line: 'INVITE <sip:a@example.com> SIP/2.0' }, 400],
  ['blanks in the Request-URI', { line: 'INVITE sip:a@example.com; lr SIP/2.0' }, 400],
  ['two blanks in the request line', { line: 'INVITE  sip:a@example.com SIP/2.0' }, 400],
  ['a blank after the version', { line: 'INVITE sip:a@example.com SIP/2.0 ' }, 400],
  ['headers in the Request-URI', { line: 'INVITE sip:a@example.com?Route=x SIP/2.0' }, 400],
  ['a method that is no token', { line: 'INV@TE sip:a@example.com SIP/2.0' }, 400],
  ['a very long Request-URI', { line: `INVITE sip:${'a'.repeat(5000)}@example.com SIP/2.0` }, 414],
  ['no To', { fields: { To: undefined } }, 400],
  ['no From', { fields: { From: undefined } }, 400],
  ['no Call-ID', { fields: { 'Call-ID': undefined } }, 400],
  ['no CSeq', { fields: { CSeq: undefined } }, 400],
  ['a malformed To', { fields: { To: '"open <sip:a@example.com>' } }, 400],
  ['an empty tag', { fields: { To: '<sip:a@example.com>;tag=' } }, 400],
  ['a CSeq of another method', { fields: { CSeq: '1 OPTIONS' } }, 400],
  ['a CSeq of 2^32', { fields: { CSeq: '4294967296 INVITE' } }, 400],
  ['a negative CSeq', { fields: { CSeq: '-1 INVITE' } }, 400],
  ['a malformed Via', { fields: { Via: 'SIP/2.0/UDP 192.0.2.15;;,;,,' } }, 400],
  ['two To fields', { extra: ['t: <sip:b@example.com>'] }, 400],
  ['two Content-Length fields', { extra: ['Content-Length: 0', 'l: 0'] }, 400],
  ['a Content-Length past the end', { extra: ['Content-Length: 1'] }, 400],
  ['a negative Content-Length', { extra: ['Content-Length: -1'] }, 400],
  ['a Content-Length of 2^32', { extra: ['Content-Length: 4294967328'] }, 400],
  ['a Content-Length over the limit', { extra: ['Content-Length: 40000'] }, 413],
  ['a body over the limit', { body: 'b'.repeat(40_000) }, 413],
  ['Max-Forwards over 255', { extra: ['Max-Forwards: 256'] }, 400],
  ['Max-Forwards in words', { extra: ['Max-Forwards: many'] }, 400],
  ['a header name with a control character', { extra: ['To\x01: <sip:b@example.com>;tag=1'] }, 400],
  ['a header without a colon', { extra: ['nonsense'] }, 400],
  ['a header without a name', { extra: [': x'] }, 400],
  ['a bare LF in a header', { extra: ['Subject: a\nX-Injected: b'] }, 400],
  ['a bare CR in a header', { extra: ['Subject: a\rX-Injected: b'] }, 400],
  ['more header fields than anybody needs', { extra: Array.from({ length: 300 }, () => 'a: b') }, 400],
];
for (const [what, message, status] of MALFORMED) {
  test(`${what}: ${status}`, () => assert.equal(refused(messageText(message)).status, status));
}

test('header fields without an end: 400', () => {
  assert.equal(refused(messageText({}).slice(0, -4)).status, 400);
});

test('a message that cannot or must not be answered is dropped', () => {
  const dropped = [
    '',
    '\r\n\r\n',
    'hello',
    messageText({ fields: { Via: undefined } }),
    messageText({ line: 'ACK sip:a@example.com SIP/2.0' }),
    messageText({ line: 'SIP/2.0 700 Too High' }),
    messageText({ line: 'SIP/2.0 200 OK\nX: y' }),
    messageText({ line: 'SIP/2.0 200 OK', fields: { CSeq: '36893488147419103232 INVITE' } }),
    messageText({ line: 'SIP/2.0 200 OK', fields: { To: undefined } }),
  ];
  for (const text of dropped) assert.equal(parse(text).kind, 'drop', JSON.stringify(text));
});

test('random octets never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => void parseMessage(Buffer.from(octets))),
  );
});

test('a mutated message never throws, and one that parses never lets a line break into a value', () => {
  const original = Buffer.from(
    messageText({
      extra: [
        'Max-Forwards: 70',
        'Route: <sip:a;lr>, <sip:b>',
        'Proxy-Authorization: Digest realm="x", nc=1',
        'l: 2',
      ],
      body: 'xy',
    }),
    'latin1',
  );
  const mutation = fc.record({
    at: fc.nat(original.length - 1),
    removed: fc.nat(6),
    added: fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\r\n ',
        '\n',
        '\r',
        '"',
        '<',
        '>',
        ';',
        ',',
        ':',
        '@',
        '%00',
        '\\',
        ' ',
        '\t',
        '=',
      ),
      fc.string({ maxLength: 4 }),
    ),
  });
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
      let text = original.toString('latin1');
      for (const { at, removed, added } of mutations)
        text = text.slice(0, at) + added + text.slice(at + removed);
      const parsed = parse(text);
      if (parsed.kind !== 'request') return;
      void [parsed.uri, parsed.contact, parsed.proxyAuthorizations, parsed.to.uri];
      for (const { name, value } of parsed.headers) {
        assert.match(name, /^[^\s:]+$/);
        assert.doesNotMatch(value.replaceAll(/\r\n(?=[ \t])/g, ''), /[\r\n]/);
      }
    }),
    { numRuns: 2000 },
  );
});

test('time is linear in the size of a hostile message', () => {
  // A quadratic reading of 60 kB would take seconds; a linear one takes a few milliseconds.
  const size = 60_000;
  const hostile = [
    messageText({ extra: [`Subject: ${'\r\n '.repeat(size / 3)}x`] }),
    messageText({ fields: { To: `"${'\\'.repeat(size)}` } }),
    messageText({ fields: { To: '<'.repeat(size) } }),
    messageText({ fields: { To: `<sip:a@example.com>${';a'.repeat(size / 2)}` } }),
    messageText({ fields: { Via: `SIP${' '.repeat(size)}` } }),
    messageText({ fields: { Via: `SIP/2.0/UDP h${';rport'.repeat(size / 6)}` } }),
    messageText({ fields: { Via: 'a/'.repeat(size / 2) } }),
    messageText({ fields: { Via: 'a '.repeat(size / 2) } }),
    messageText({ extra: [`${' '.repeat(size)}: x`] }),
    messageText({ line: `INVITE sip:${'%'.repeat(4000)}@example.com SIP/2.0` }),
    messageText({ extra: [`Proxy-Authorization: Digest ${'a=b,'.repeat(size / 4)}`] }),
  ];
  for (const text of hostile) {
    const start = process.cpuUsage();
    const parsed = parse(text);
    if (parsed.kind === 'request') void parsed.proxyAuthorizations;
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 500_000, `${user + system} µs for ${JSON.stringify(text.slice(300, 360))}`);
  }
});

describe('hostile content', () => {
  const LONG = 64_000;
  const filled = (text: string): string => text.repeat(LONG / text.length);
  const contents: Readonly<Record<string, string>> = {
    'lines without a colon': messageText({ extra: [filled('abcdefgh\r\n')] }),
    'short lines without a colon': messageText({ extra: [filled('a\r\n')] }),
    'a list of addresses without brackets': messageText({
      line: 'REGISTER sip:sip-uri.voice-api.example SIP/2.0',
      fields: { CSeq: '1 REGISTER' },
      extra: [`Contact: ${filled('a:b,')}a:b`],
    }),
    'a list of addresses with display names': messageText({ extra: [`Contact: ${filled('"a" <a:b>,')}a:b`] }),
    'one folded value': messageText({ extra: [`Subject: a${filled('\r\n b')}`] }),
    'opening brackets': messageText({ extra: [`Contact: ${filled('<')}`] }),
    'Via values': messageText({ extra: [`Via: ${filled('SIP/2.0/UDP a;b=c,')}SIP/2.0/UDP a`] }),
    'blanks in Via': messageText({ fields: { Via: `SIP/2.0/UDP${filled(' ')}` } }),
    'slashes in Via': messageText({ fields: { Via: `a${filled(' / a')}` } }),
    'line breaks': filled('\r\n'),
  };
  for (const [name, text] of Object.entries(contents)) {
    test(`a datagram of ${name} is read in linear time`, () => {
      const octets = Buffer.from(text, 'latin1');
      const times = Array.from({ length: 20 }, () => {
        const start = performance.now();
        parseMessage(octets);
        return performance.now() - start;
      });
      assert.ok(Math.min(...times) < 1.5, `${Math.min(...times).toFixed(2)} ms`);
    });
  }

  test('header fields of more than 16 kB get 513, with the fields an answer needs', () => {
    const { status, reasonPhrase, message } = refused(messageText({ extra: [`Subject: ${filled('a')}`] }));
    assert.deepEqual([status, reasonPhrase], [513, 'Message Too Large']);
    assert.equal(message.value('call-id'), REQUIRED['Call-ID']);
    const largest = 'a'.repeat(16_000);
    assert.equal(parsedRequest({ extra: [`Subject: ${largest}`] }).value('subject'), largest);
  });

  test('a control character is refused wherever a value has it', () => {
    for (const control of ['\0', '\x01', '\b', '\v', '\x1f', '\x7f']) {
      const values = {
        'Call-ID': `c${control}1`,
        To: `"a${control}b" <sip:app@sip-uri.voice-api.example>`,
        From: `<sip:caller@customer.example>;tag=f1;x="${control}"`,
      };
      for (const [name, value] of Object.entries(values)) {
        assert.equal(refused(messageText({ fields: { [name]: value } })).status, 400, name);
      }
      assert.equal(refused(messageText({ extra: [`Subject: a${control}`] })).status, 400);
      assert.equal(refused(messageText({ extra: ['A: "', `B: \\${control}`] })).status, 400);
    }
  });

  test('a control character may be escaped in a quoted string, and stand in the body', () => {
    parsedRequest({ extra: ['Subject: "\\\0\\\x7f\\""', 'A: \t b\r\n\tc'], body: '\0\x01\x7f' });
  });

  test('From and To have one address', () => {
    for (const name of ['From', 'To']) {
      const value = `<sip:a@b.example>;tag=1, <sip:c@d.example>`;
      assert.match(refused(messageText({ fields: { [name]: value } })).reasonPhrase, new RegExp(name));
    }
  });

  test('a CSeq number is below 2^31', () => {
    assert.equal(parsedRequest({ fields: { CSeq: '2147483647 INVITE' } }).cseq, 2_147_483_647);
    assert.match(refused(messageText({ fields: { CSeq: '2147483648 INVITE' } })).reasonPhrase, /CSeq/);
  });
});
