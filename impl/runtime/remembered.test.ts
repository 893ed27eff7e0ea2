import assert from 'node:assert/strict';
import { test } from 'node:test';

import { remembered } from './remembered.ts';

test('what was found is not looked for again, and what was not found is', async () => {
  const asked: string[] = [];
  const find = remembered(async (text) => {
    asked.push(text);
    return text === 'nothing' ? undefined : text.length;
  }, 10);
  assert.deepEqual([await find('one'), await find('one'), await find('three')], [3, 3, 5]);
  assert.deepEqual([await find('nothing'), await find('nothing')], [undefined, undefined]);
  assert.deepEqual(asked, ['one', 'three', 'nothing', 'nothing']);
});

test('the oldest is forgotten when there are too many', async () => {
  const asked: string[] = [];
  const find = remembered(async (text) => {
    asked.push(text);
    return text;
  }, 2);
  for (const text of ['a', 'b', 'c', 'b', 'c', 'a']) await find(text);
  assert.deepEqual(asked, ['a', 'b', 'c', 'a']);
});
