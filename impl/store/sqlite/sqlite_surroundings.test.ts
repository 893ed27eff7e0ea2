import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { plainProfile } from '../../testing/plain_profile.ts';
import { credentialOf, type VoiceApplication } from '../model/voice_application.ts';
import type { Store } from '../store.ts';
import { StoreUnavailable } from '../store_unavailable.ts';
import { openSqliteStore } from './sqlite_store.ts';

const BY = { clientId: 'client', requestId: 'request', sourceAddress: '203.0.113.9' };
const LOCKED = { name: 'StoreUnavailable', code: 'STORE_LOCKED' };

function application(applicationId: string): VoiceApplication {
  const uriUser = `${applicationId}-uri`;
  const credential = credentialOf(applicationId, uriUser, 'realm', 'password');
  const inbound = { uriUser, credential, allowedSources: [], allowedRegions: [] };
  return { applicationId, accountId: 'account', profile: plainProfile(applicationId), inbound };
}

describe('an SQLite store among other programs', () => {
  let directory: string;
  let path: string;
  let store: Store;
  let stranger: DatabaseSync;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'store-'));
  });
  after(() => rmSync(directory, { recursive: true }));
  beforeEach(async () => {
    path = join(mkdtempSync(join(directory, 'one-')), 'voice.db');
    store = await openSqliteStore(path, () => Date.now());
    await store.clients.create(
      { clientId: 'client', accountId: 'account' },
      { secretId: 'secret', secretHash: 'hash' },
    );
    await store.applications.create(application('first'), BY);
    stranger = new DatabaseSync(path);
  });
  afterEach(async () => {
    stranger.close();
    await store.close();
  });

  const rename = (applicationName: string) =>
    store.applications.update(
      'account',
      'first',
      (current) => ({ next: { ...current, profile: { ...current.profile, applicationName } } }),
      BY,
    );
  const name = async () => (await store.applications.get('account', 'first'))?.profile.applicationName;

  for (const lock of ['immediate', 'exclusive']) {
    test(`while a stranger holds the lock (begin ${lock}), changes wait, and nothing else does`, async () => {
      stranger.exec(`begin ${lock}`);
      const changes = ['a', 'b', 'c'].map((each) => rename(each));
      let longest = 0;
      for (let round = 0, last = performance.now(); round < 60; round++) {
        await delay(5);
        assert.equal(store.inbound.find('first-uri')?.applicationId, 'first');
        assert.equal(await name(), 'first');
        assert.equal(await store.clients.isEmpty(), false);
        await store.ping();
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      }
      // SQLite's own waiting was a second for each change.
      assert.ok(longest < 900, `the event loop stood still for ${longest} ms`);
      stranger.exec('rollback');
      await Promise.all(changes);
      assert.equal(await name(), 'c');
      const { items } = await store.audit.list('account', { offset: 0, limit: 9 });
      assert.deepEqual(
        items.map(({ action }) => action),
        ['changed', 'changed', 'changed', 'created'],
      );
    });
  }

  test('a change that waits too long is refused, changes nothing, and is told until the lock is free', async () => {
    stranger.exec('begin immediate');
    await Promise.all([
      assert.rejects(rename('never'), LOCKED),
      assert.rejects(store.applications.create(application('never'), BY), LOCKED),
      assert.rejects(store.applications.delete('account', 'first', BY), LOCKED),
      assert.rejects(store.clients.remove('client'), LOCKED),
    ]);
    await assert.rejects(store.ping(), LOCKED);
    stranger.exec('rollback');
    await store.ping();
    await store.ping();
    assert.equal(await name(), 'first');
    assert.equal(await store.applications.get('account', 'never'), undefined);
    await rename('at last');
    assert.equal(await name(), 'at last');
  });

  test('a key that is stored is found while a stranger holds the lock', async () => {
    const key = await store.keys.getOrCreate('nonce-hmac', () => Buffer.alloc(32, 1));
    stranger.exec('begin immediate');
    assert.deepEqual(await store.keys.getOrCreate('nonce-hmac', assert.fail), key);
    stranger.exec('rollback');
  });

  test('opens while a stranger holds the lock, as when a lost worker is replaced', async () => {
    stranger.exec('begin immediate');
    const second = await openSqliteStore(path, () => Date.now());
    assert.equal(second.inbound.find('first')?.applicationId, 'first');
    await second.close();
    stranger.exec('rollback');
  });

  test('a damaged row is told without what stands in it', () => {
    stranger.exec(`update voice_applications set credential = 'c0ffee-is-secret'`);
    assert.throws(
      () => store.inbound.find('first'),
      (error) => {
        assert.ok(error instanceof StoreUnavailable);
        assert.equal(error.message, 'the store cannot be read (a row is damaged)');
        assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`, /c0ffee/);
        return true;
      },
    );
  });

  test('a look-up in a closed store throws an ordinary error', async () => {
    const { inbound } = store;
    await store.close();
    assert.throws(() => inbound.find('first'), {
      name: 'StoreUnavailable',
      code: 'STORE_UNREADABLE',
      message: 'the store cannot be read (it is closed)',
    });
    store = await openSqliteStore(path, () => Date.now());
  });
});

test('a file that is cut short under the service ends a look-up, not the process', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'store-'));
  const program = `
    import { truncateSync } from 'node:fs';
    import { DatabaseSync } from 'node:sqlite';
    const { openSqliteStore } = await import(${JSON.stringify(import.meta.resolve('./sqlite_store.ts'))});
    const path = process.argv[1];
    await (await openSqliteStore(path, Date.now)).close();
    const filler = new DatabaseSync(path);
    filler.exec(\`
      insert into accounts values ('account', 0);
      with recursive number(value) as (select 1 union all select value + 1 from number limit 20000)
        insert into voice_applications
        select 'app-' || value, 'account', '{}', 'uri-' || value, null, '[]', '[]', 0 from number;\`);
    filler.close();
    const store = await openSqliteStore(path, Date.now);
    store.inbound.find('app-1');
    await store.clients.create({ clientId: 'c', accountId: 'account' }, { secretId: 's', secretHash: 'h' });
    store.inbound.find('app-2');
    truncateSync(path, 8192);
    const failures = new Set();
    for (let number = 1; number <= 20000; number += 100) {
      try { store.inbound.find('app-' + number); } catch (error) { failures.add(error.name + ' ' + error.code); }
    }
    process.stdout.write([...failures].join());`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    program,
    join(directory, 'cut.db'),
  ]);
  rmSync(directory, { recursive: true });
  assert.equal(stdout, 'StoreUnavailable STORE_UNREADABLE');
});
