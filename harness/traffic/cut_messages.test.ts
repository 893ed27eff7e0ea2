import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cutsIn } from './cut_messages.ts';

test('a message is cut at every octet of the place, and never at an end', () => {
  const message = 'A\r\nContent-Length: 2\r\n\r\nab';
  const heads = (place: Parameters<typeof cutsIn>[1]): string[] =>
    cutsIn(message, place).map((at) => message.slice(0, at));
  const lengths = heads('its Content-Length line');
  assert.equal(lengths.at(0), 'A\r');
  assert.equal(lengths.at(-1), 'A\r\nContent-Length: 2\r');
  assert.equal(lengths.length, 'A\r\nContent-Length: 2\r'.length - 1);
  assert.deepEqual(
    heads('the end of its header and its body').map((head) => head.slice(-2)),
    ['2\r', '\r\n', '\n\r', '\r\n', '\na'],
  );
});
