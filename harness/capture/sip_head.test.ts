import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { callIdOf, headerValue, readSipHead } from './sip_head.ts';

test('keeps each header line as written, unfolded, and raw', () => {
  const head = readSipHead(
    'INVITE sip:b@sip-uri.voice-api.example SIP/2.0\r\nv: SIP/2.0/UDP a;branch=1 ,\r\n  SIP/2.0/UDP b\r\nTO :\n b\r\nbroken\r\n\r\nbody',
  );
  assert.deepEqual(head?.headers, [
    ['v', 'SIP/2.0/UDP a;branch=1 , SIP/2.0/UDP b', 'v: SIP/2.0/UDP a;branch=1 ,\r\n  SIP/2.0/UDP b'],
    ['TO', 'b', 'TO :\n b'],
    ['broken', '', 'broken'],
  ]);
  assert.equal(headerValue(head, 'Via'), 'SIP/2.0/UDP a;branch=1 , SIP/2.0/UDP b');
  assert.equal(headerValue(head, 't'), 'b');
});

test('reads requests of any method and version, and responses of any number', () => {
  const lines: [string, string | undefined, number | undefined, string | undefined][] = [
    ['OPTIONS sip:a SIP/2.0', 'OPTIONS', undefined, undefined],
    ['OPTIONS sip:a SIP/2.0  ', 'OPTIONS', undefined, undefined],
    ['INVITE  <sip:a;b c>  SIP/7.0', 'INVITE', undefined, undefined],
    [
      "!interesting-Method0123456789_*+`.%indeed'~ sip:a sip/2.0",
      "!interesting-Method0123456789_*+`.%indeed'~",
      undefined,
      undefined,
    ],
    ['SIP/2.0 200 OK', undefined, 200, 'OK'],
    ['SIP/2.0 100 ', undefined, 100, ''],
    ['SIP/2.0 100', undefined, 100, ''],
    [
      'SIP/2.0 4294967301 better not break the receiver',
      undefined,
      4_294_967_301,
      'better not break the receiver',
    ],
  ];
  for (const [line, method, status, reason] of lines) {
    const head = readSipHead(`${line}\r\nCall-ID: 1\r\n\r\n`);
    assert.deepEqual([head?.method, head?.status, head?.reason], [method, status, reason], line);
    assert.equal(head?.startLine, line);
  }
});

test('passes over what is not SIP', () => {
  for (const text of [
    '',
    '\r\n\r\n',
    'POST /v2/applications HTTP/1.1\r\nHost: a\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
    ' INVITE sip:a SIP/2.0\r\n',
    'INVITE SIP/2.0\r\n',
    'SIP/2.0 OK\r\n',
    'capture-marker 1',
  ]) {
    assert.equal(readSipHead(text), undefined, JSON.stringify(text));
  }
});

test('ends where the body begins, or at the end where the empty line is missing', () => {
  const whole = 'SIP/2.0 200 OK\r\nCall-ID: 1\r\n\r\nbody';
  assert.equal(readSipHead(`\r\n\r\n${whole}`)?.length, 4 + whole.length - 'body'.length);
  assert.equal(readSipHead('SIP/2.0 200 OK\nCall-ID: 1\n\nbody')?.length, 27);
  const cut = 'SIP/2.0 200 OK\r\nCall-ID: 1\r\nVi';
  assert.equal(readSipHead(cut)?.length, cut.length);
});

test('loses no character of any text, and never throws', () => {
  const bits = fc.constantFrom('\r\n', '\n', '\r', ' ', '\t', ':', 'Via', 'i', 'l: 5', 'x', '\0', '\u00ff');
  fc.assert(
    fc.property(fc.array(bits), (parts) => {
      const text = `INVITE sip:a SIP/2.0\r\n${parts.join('')}`;
      const head = readSipHead(text);
      assert.ok(head !== undefined);
      let at = head.startLine.length;
      for (const [, , raw] of head.headers) {
        const lineEnd = /^\r?\n/.exec(text.slice(at, at + 2))?.[0];
        assert.ok(lineEnd !== undefined);
        at += lineEnd.length;
        assert.equal(text.slice(at, at + raw.length), raw);
        at += raw.length;
      }
      assert.match(text.slice(at, head.length), /^(\r?\n){0,2}$/);
    }),
    { numRuns: 2000 },
  );
});

test('reads hostile lines in linear time', () => {
  const spaces = ' '.repeat(60_000);
  const started = performance.now();
  for (const text of [
    `INVITE${spaces}x`,
    `SIP/2.0${spaces}x`,
    `INVITE sip:a SIP/2.0\r\na: b${'\r\n c'.repeat(15_000)}`,
  ]) {
    readSipHead(text);
  }
  assert.ok(performance.now() - started < 1000);
});

test('the Call-ID found without reading the rest is the one that reading gives', () => {
  const lines = fc.constantFrom(
    'Call-ID: a@b',
    'CALL-ID :\tc d  ',
    'i:e',
    'i:',
    'Call-ID: f\r\n g',
    'Call-ID:\r\n h',
    'Call-ID',
    'X-Call-ID: j',
    'Subject: x\r\n Call-ID: k',
    '',
    'To: l',
  );
  const lineEnd = fc.constantFrom('\r\n', '\r\n', '\n');
  const start = fc.constantFrom('OPTIONS sip:a SIP/2.0', '\r\nSIP/2.0 200 OK');
  fc.assert(
    fc.property(start, fc.array(fc.tuple(lines, lineEnd)), fc.boolean(), (first, rest, ends) => {
      const text = `${first}\r\n${rest.flat().join('')}${ends ? '\r\n' : ''}`;
      const head = readSipHead(text);
      assert.equal(callIdOf(text), head && headerValue(head, 'call-id'));
    }),
    { numRuns: 2_000 },
  );
});
