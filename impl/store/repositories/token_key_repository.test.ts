import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { openSqliteStore } from '../sqlite/sqlite_store.ts';
import type { Store, TokenKey } from '../store.ts';

const START = 1_700_000_000_000;
const key = (kid: string): TokenKey => ({ kid, secret: Buffer.alloc(32, kid) });

describe('the token keys of a store', () => {
  let directory: string;
  let path: string;
  let store: Store;
  let time = START;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'token-keys-'));
    path = join(directory, 'voice.db');
    store = await openSqliteStore(path, () => time);
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  const kids = async (): Promise<string[]> => (await store.tokenKeys.list()).map(({ kid }) => kid);

  test('the first key is made once, even by two at the same time, and outlives a restart', async () => {
    assert.deepEqual(await store.tokenKeys.list(), []);
    const [one, two] = await Promise.all([
      store.tokenKeys.current(() => key('a')),
      store.tokenKeys.current(() => key('z')),
    ]);
    assert.deepEqual([one, two], [key('a'), key('a')]);
    await store.close();
    store = await openSqliteStore(path, () => time);
    assert.deepEqual(await store.tokenKeys.current(() => key('z')), key('a'));
    assert.deepEqual(await store.tokenKeys.get('a'), key('a'));
    assert.equal(await store.tokenKeys.get('z'), undefined);
  });

  test('after a roll the new key signs, and the former one is good until its end', async () => {
    await store.tokenKeys.roll(key('b'), START + 1000);
    assert.deepEqual(await store.tokenKeys.current(assert.fail), key('b'));
    assert.deepEqual(await store.tokenKeys.list(), [
      { kid: 'b', createdAt: START, validUntil: undefined },
      { kid: 'a', createdAt: START, validUntil: START + 1000 },
    ]);
    time = START + 999;
    assert.deepEqual(await store.tokenKeys.get('a'), key('a'));
    time = START + 1000;
    assert.equal(await store.tokenKeys.get('a'), undefined);
    assert.deepEqual(await kids(), ['b']);
  });

  test('a second roll does not extend an older key', async () => {
    await store.tokenKeys.roll(key('c'), time + 1000);
    await store.tokenKeys.roll(key('d'), time + 5000);
    assert.deepEqual(await kids(), ['d', 'c', 'b']);
    time += 1000;
    assert.deepEqual(await kids(), ['d', 'c']);
  });

  test('a roll may drop all former keys', async () => {
    await store.tokenKeys.roll(key('e'), undefined);
    assert.deepEqual(await kids(), ['e']);
    assert.equal(await store.tokenKeys.get('d'), undefined);
    assert.deepEqual(await store.tokenKeys.current(assert.fail), key('e'));
  });

  test('a former key can be dropped at once, the key that signs cannot', async () => {
    await store.tokenKeys.roll(key('f'), time + 1000);
    assert.equal(await store.tokenKeys.drop('e'), true);
    assert.equal(await store.tokenKeys.get('e'), undefined);
    assert.equal(await store.tokenKeys.drop('e'), false);
    assert.equal(await store.tokenKeys.drop('f'), false);
    assert.deepEqual(await kids(), ['f']);
  });
});
