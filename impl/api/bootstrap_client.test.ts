import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { secretMatches } from '../store/model/secret_hash.ts';
import { openSqliteStore } from '../store/sqlite/sqlite_store.ts';
import type { Store } from '../store/store.ts';
import { bootstrapClients, type ConfiguredClient } from './bootstrap_client.ts';

const ONE: ConfiguredClient = { account: 'a', id: 'one', secret: 'secret-of-one' };
const TWO: ConfiguredClient = { account: 'b', id: 'two', secret: 'secret-of-two' };

describe('a start', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openSqliteStore(':memory:', () => 5);
  });
  afterEach(() => store.close());

  const start = (...configured: ConfiguredClient[]) =>
    bootstrapClients(store.clients, { account: 'a', configured, randomBytes });
  const secretsOf = async (id: string) => (await store.clients.get(id))?.secrets ?? [];
  async function opens(id: string, secret: string): Promise<boolean[]> {
    return Promise.all((await secretsOf(id)).map(({ secretHash }) => secretMatches(secret, secretHash)));
  }

  test('creates the configured clients, each in its account', async () => {
    assert.equal(await start(ONE, TWO), undefined);
    const accounts = (await store.clients.list()).map(({ clientId, accountId }) => [clientId, accountId]);
    assert.deepEqual(accounts, [
      ['one', 'a'],
      ['two', 'b'],
    ]);
    assert.deepEqual(await opens('two', TWO.secret), [true]);
  });

  test('keeps a secret that already matches, and the tokens bought with it', async () => {
    await start(ONE);
    const before = await secretsOf('one');
    await start(ONE);
    assert.deepEqual(await secretsOf('one'), before);
  });

  test('replaces a secret that differs at once', async () => {
    await start(ONE);
    await start({ ...ONE, secret: 'another-secret' });
    assert.deepEqual(await opens('one', 'another-secret'), [true]);
  });

  test('moves a client to its configured account', async () => {
    await start(ONE);
    await start({ ...ONE, account: 'c' });
    assert.equal((await store.clients.get('one'))?.accountId, 'c');
    assert.deepEqual(await opens('one', ONE.secret), [true]);
  });

  test('makes one client if the store has none, and never a second', async () => {
    const made = await start();
    assert.match(made?.id ?? '', /^client-[0-9a-f]{12}$/);
    assert.match(made?.secret ?? '', /^[A-Za-z0-9_-]{32}$/);
    assert.deepEqual(await opens(made?.id ?? '', made?.secret ?? ''), [true]);
    assert.equal(await start(), undefined);
    assert.equal((await store.clients.list()).length, 1);
  });
});
