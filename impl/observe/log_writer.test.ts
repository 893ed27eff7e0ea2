import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import * as fc from 'fast-check';

import type { LogEntry, LogLevel } from './log.ts';
import { logWriter } from './log_writer.ts';

/** What is written for these entries, all logged in one turn of the event loop. */
function written(entries: readonly LogEntry[], level: LogLevel = 'info'): string {
  let text = '';
  const writer = logWriter({
    level,
    now: () => 1_800_000_000_000,
    output: { write: (lines) => (text += lines), backlog: () => 0 },
  });
  for (const entry of entries) writer.log(entry);
  writer.flush();
  return text;
}

function record(fields: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(written([{ level: 'info', event: 'test', ...fields }]));
}

describe('the log', () => {
  test('has one JSON object per line: level, time, event, fields', () => {
    assert.equal(
      written([{ level: 'warn', event: 'store.in_memory', count: 3 }]),
      '{"level":"warn","time":"2027-01-15T08:00:00.000Z","event":"store.in_memory","count":3}\n',
    );
  });

  test('one entry is one line whatever a client sends, and parses back unchanged', () => {
    const hostile = [
      '\r\n',
      '\n',
      '\r',
      '\u0085',
      '\u2028',
      '\u2029',
      '\u001b[2J',
      '\u0000',
      '\u007f',
      '\u009b',
    ];
    for (const text of hostile) {
      const line = written([{ level: 'info', event: 'x', [`k${text}`]: `a${text}{"level":"error"}` }]);
      assert.match(line, /^[^\p{Cc}\p{Zl}\p{Zp}]*\n$/u, JSON.stringify(text));
      assert.equal(JSON.parse(line)[`k${text}`], `a${text}{"level":"error"}`);
    }
  });

  test('any text is one line and parses back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = written([{ level: 'info', event: 'x', nested: [{ text }] }]);
        assert.match(line, /^[^\p{Cc}\p{Zl}\p{Zp}]*\n$/u);
        assert.deepEqual(JSON.parse(line).nested, [{ text }]);
      }),
    );
  });

  test('long texts and deep, wide and cyclic values stay within bounds', () => {
    const agent = 'A'.repeat(100_000);
    const line = written([{ level: 'info', event: 'x', userAgent: agent, list: Array(5000).fill('y') }]);
    assert.ok(line.length < 10_000, String(line.length));
    assert.match(JSON.parse(line).userAgent, /^A{8192}… \(100000 characters\)$/);
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    assert.match(JSON.stringify(record({ circle })), /too deep/);
    const big = record({ count: 2n ** 64n, undefined, none: null, missing: Number.NaN });
    assert.deepEqual(big['count'], '18446744073709551616');
    assert.deepEqual(big['none'], null);
  });

  test('a value under a secret key is not written, in any spelling, at any depth', () => {
    const secret = 'do-not-write-this';
    const keys = [
      'authorization',
      'Proxy-Authorization',
      'sipAuthPassword',
      'access_token',
      'accessToken',
      'client_secret',
      'clientSecret',
      'secretHash',
      'PASSWORD',
      'credential',
      'Set-Cookie',
    ];
    for (const key of keys) {
      const line = written([
        { level: 'error', event: 'x', [key]: secret, deep: [{ headers: { [key]: { value: secret } } }] },
      ]);
      assert.ok(!line.includes(secret), line);
      assert.ok(line.includes('[redacted]'), line);
    }
    assert.equal(record({ secretId: 'kept', reason: 'no-credentials' })['secretId'], 'kept');
  });

  test('credentials inside a text are not written', () => {
    const texts = [
      'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl',
      'authorization: basic Y2xpZW50OnNlY3JldC1vZi1zb21lYm9keQ==',
      'Proxy-Authorization: Digest username="bob", nonce="n", response="0123456789abcdef0123456789abcdef"',
    ];
    for (const text of texts) {
      const error = record({ error: new Error(`failed on ${text}`) })['error'];
      assert.ok(typeof error === 'string');
      assert.match(error, /failed on [\w-]+: (Bearer|basic|Digest) \[redacted\]/);
      assert.doesNotMatch(error, /c2lnbmF0dXJl|Y2xpZW50|0123456789abcdef/);
    }
    assert.match(
      String(record({ error: new TypeError('no such thing') })['error']),
      /^TypeError: no such thing\n/,
    );
  });

  test('writes nothing below its level, and nothing at all if silent', () => {
    const entries = (['error', 'warn', 'info', 'debug'] as const).map((level) => ({ level, event: level }));
    const events = (level: LogLevel) =>
      written(entries, level)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).event);
    assert.deepEqual(events('silent'), []);
    assert.deepEqual(events('error'), ['error']);
    assert.deepEqual(events('warn'), ['error', 'warn']);
    assert.deepEqual(events('info'), ['error', 'warn', 'info']);
    assert.deepEqual(events('debug'), ['error', 'warn', 'info', 'debug']);
  });

  test('waits for its release, then writes the entries of one turn together, each with its time', async () => {
    const chunks: string[] = [];
    let now = 0;
    const { log, release } = logWriter({
      level: 'info',
      now: () => now++,
      output: { write: (lines) => chunks.push(lines), backlog: () => 0 },
    });
    log({ level: 'info', event: 'before' });
    await turn();
    assert.deepEqual(chunks, []);
    release();
    log({ level: 'info', event: 'one' });
    log({ level: 'info', event: 'two' });
    assert.equal(chunks.length, 1);
    await turn();
    assert.equal(chunks.length, 2);
    assert.deepEqual(
      chunks
        .slice(1)
        .join('')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).time),
      ['1970-01-01T00:00:00.001Z', '1970-01-01T00:00:00.002Z'],
    );
  });

  test('a reader that hangs loses lines, and learns how many when it reads again', () => {
    let unread = '';
    const { log, flush } = logWriter({
      level: 'info',
      now: () => 0,
      output: { write: (lines) => (unread += lines), backlog: () => unread.length },
    });
    const text = 'x'.repeat(8000);
    for (let turns = 0; turns < 5000; turns++) {
      log({ level: 'info', event: 'flood', text });
      flush();
    }
    assert.ok(unread.length < 17 * 1024 * 1024, String(unread.length));
    const read = unread.trimEnd().split('\n').length;
    unread = '';
    log({ level: 'info', event: 'after' });
    flush();
    const told = unread
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      told.map(({ event, lines }) => [event, lines]),
      [
        ['log.dropped', 5000 - read],
        ['after', undefined],
      ],
    );
  });

  test('lines that cannot be written are counted, and the next one that can says how many', () => {
    let isBroken = true;
    let text = '';
    const { log, flush, dropped } = logWriter({
      level: 'info',
      now: () => 0,
      output: {
        write(lines, lost) {
          if (isBroken) lost(lines.split('\n').length - 1);
          else text += lines;
        },
        backlog: () => 0,
      },
    });
    for (let number = 0; number < 6; number++) {
      log({ level: 'info', event: 'lost' });
      if (number % 2 === 1) flush();
    }
    assert.equal(dropped(), 6);
    isBroken = false;
    for (const event of ['one', 'two']) {
      log({ level: 'info', event });
      flush();
    }
    assert.deepEqual(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ event, lines }) => [event, lines]),
      [
        ['log.dropped', 6],
        ['one', undefined],
        ['two', undefined],
      ],
    );
  });
});
