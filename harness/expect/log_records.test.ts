import assert from 'node:assert/strict';
import { test } from 'node:test';

import { notForged } from './log_records.ts';

const MARK = '0123456789abcdef';
const FORGED = { line: `{"level":"error","event":"forged","mark":"${MARK}"}`, mark: MARK };
const judged = (...lines: string[]) => notForged(['{"event":"api.request"}', ...lines], FORGED, 'target.log');

test('a log without it, and one that holds it escaped, are fine', () => {
  assert.ok(judged().ok);
  assert.ok(judged(JSON.stringify({ event: 'x', agent: `curl\r\n${FORGED.line}` })).ok);
  assert.ok(
    judged(`12:00 GET %0d%0a${encodeURIComponent(FORGED.line)}`, `agent="curl\\x0a${MARK}"\tok\r`).ok,
  );
});

test('a record of its own is a forgery, indented or not', () => {
  for (const line of [FORGED.line, `  ${FORGED.line}`, `\t${FORGED.line} and more`]) {
    const match = judged(line);
    assert.ok(!match.ok);
    assert.match(match.actual, /a record of its own/);
    assert.equal(match.where, 'target.log, line 2');
  }
});

test('a control character as it was sent is a line end to some reader', () => {
  for (const raw of ['\r', '\u001b', '\u0000', '\u0085', '\u009b', '\u007f', '\u2028']) {
    const match = judged(`GET /${raw}${FORGED.line}`);
    assert.ok(!match.ok, JSON.stringify(raw));
    assert.match(match.actual, /control character U\+/);
  }
});

test('lines of others do not count', () => {
  assert.ok(judged('{"level":"error","event":"forged","mark":"another"}', 'GET /\u001b').ok);
});
