import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Turns } from './turns.ts';

test('work of one key is done in turn, that of another at once', async () => {
  const turns = new Turns(10);
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const slow = turns.take('a', () => first.promise.then(() => done.push('a1')));
  const next = turns.take('a', async () => done.push('a2'));
  await turns.take('b', async () => done.push('b1'));
  first.resolve();
  await Promise.all([slow, next]);
  assert.deepEqual(done, ['b1', 'a1', 'a2']);
});

test('work that fails does not stop what comes after it', async () => {
  const turns = new Turns(10);
  const failing = turns.take('a', () => Promise.reject(new Error('no')));
  const next = turns.take('a', async () => 'done');
  await assert.rejects(failing, /no/);
  assert.equal(await next, 'done');
});

const work = async (): Promise<string> => 'done';

test('where too many wait, no more is taken until a turn is over', async () => {
  const turns = new Turns(2);
  const all = await Promise.all([turns.take('a', work), turns.take('a', work), turns.take('a', work)]);
  assert.deepEqual(all, ['done', 'done', 'crowded']);
  assert.equal(await turns.take('a', work), 'done');
});
