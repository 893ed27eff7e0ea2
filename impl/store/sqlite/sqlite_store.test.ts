import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { credentialOf, type InboundSip, type VoiceApplication } from '../model/voice_application.ts';
import type { Store } from '../store.ts';
import { openSqliteStore } from './sqlite_store.ts';

const ACCOUNT = '9900000';
const REALM = 'sip-uri.voice-api.example';
const PASSWORD = 'one-time-password-of-a-test';
const NETWORK = { network: 0xcb007100, mask: 0xffffff00 };
const BY = { clientId: 'client-of-tests', requestId: 'request', sourceAddress: '203.0.113.9' };

function application(applicationId: string, inbound: InboundSip | null = null): VoiceApplication {
  return {
    applicationId,
    accountId: ACCOUNT,
    profile: {
      applicationName: `Application ${applicationId}`,
      callInitiatedCallbackUrl: 'https://app.example/initiate',
      callInitiatedMethod: 'POST',
      callInitiatedFallbackUrl: null,
      callInitiatedFallbackMethod: 'GET',
      callInitiatedFallbackCreds: null,
      callStatusCallbackUrl: 'https://app.example/status',
      callStatusMethod: 'POST',
      callbackCreds: { userId: 'hook', password: 'hook-password' },
      callbackTimeout: 15,
    },
    inbound,
  };
}

function inboundSip(applicationId: string, uriUser: string): InboundSip {
  return {
    uriUser,
    credential: credentialOf(applicationId, uriUser, REALM, PASSWORD),
    allowedSources: [NETWORK],
    allowedRegions: ['US', 'EU'],
  };
}

/** A change whose repetitions can be counted. */
const increment = (current: VoiceApplication) => ({
  next: {
    ...current,
    profile: { ...current.profile, callbackTimeout: current.profile.callbackTimeout + 1 },
  },
});

describe('the SQLite store', () => {
  let directory: string;
  let path: string;
  let store: Store;
  let time = 1_700_000_000_000;
  const open = (): Promise<Store> => openSqliteStore(path, () => time++);

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'store-'));
    path = join(directory, 'voice.db');
    store = await open();
    await store.clients.create(
      { clientId: 'first', accountId: ACCOUNT },
      { secretId: 'first-1', secretHash: 'hash-1' },
    );
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  test('returns a created application, to its own account only', async () => {
    const created = application('get-1', inboundSip('get-1', 'get-1-uri'));
    await store.applications.create(created, BY);
    assert.deepEqual(await store.applications.get(ACCOUNT, 'get-1'), created);
    assert.equal(await store.applications.get('other', 'get-1'), undefined);
    assert.equal(await store.applications.get(ACCOUNT, 'get-2'), undefined);
  });

  test('refuses an application of an unknown account', async () => {
    const stray = { ...application('stray'), accountId: 'nobody' };
    await assert.rejects(store.applications.create(stray, BY), /FOREIGN KEY/);
  });

  test('lists an account’s applications page by page in the order of creation', async () => {
    await store.clients.create(
      { clientId: 'lister', accountId: 'listed' },
      { secretId: 'lister-1', secretHash: 'hash' },
    );
    const ids = ['z', 'a', 'm', 'b', 'y'].map((name) => `list-${name}`);
    for (const id of ids) await store.applications.create({ ...application(id), accountId: 'listed' }, BY);
    const pages = await Promise.all(
      [0, 2, 4, 6].map((offset) => store.applications.list('listed', offset, 2)),
    );
    assert.deepEqual(
      pages.map(({ items }) => items.map(({ applicationId }) => applicationId)),
      [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4), []],
    );
    for (const page of pages) assert.strictEqual(page.total, 5);
  });

  test('an update writes `next` of its outcome, and nothing if there is none', async () => {
    await store.applications.create(application('update-1'), BY);
    const inbound = inboundSip('update-1', 'update-1-uri');
    const written = await store.applications.update(
      ACCOUNT,
      'update-1',
      (current) => ({
        next: { ...current, inbound },
        answer: 42,
      }),
      BY,
    );
    assert.equal(written?.answer, 42);
    assert.deepEqual((await store.applications.get(ACCOUNT, 'update-1'))?.inbound, inbound);

    const refused = await store.applications.update(
      ACCOUNT,
      'update-1',
      () => ({
        next: undefined,
        why: 'no',
      }),
      BY,
    );
    assert.equal(refused?.why, 'no');
    assert.deepEqual((await store.applications.get(ACCOUNT, 'update-1'))?.inbound, inbound);
    assert.equal(await store.applications.update('other', 'update-1', (next) => ({ next }), BY), undefined);
  });

  test('an update whose change throws changes nothing and leaves the store usable', async () => {
    await store.applications.create(application('throws'), BY);
    const failing = store.applications.update(
      ACCOUNT,
      'throws',
      () => {
        throw new Error('change failed');
      },
      BY,
    );
    await assert.rejects(failing, /change failed/);
    assert.deepEqual(await store.applications.get(ACCOUNT, 'throws'), application('throws'));
    await store.applications.update(ACCOUNT, 'throws', (next) => ({ next }), BY);
  });

  test('no simultaneous update is lost', async () => {
    await store.applications.create(application('counted'), BY);
    await Promise.all(
      Array.from({ length: 20 }, () => store.applications.update(ACCOUNT, 'counted', increment, BY)),
    );
    assert.equal((await store.applications.get(ACCOUNT, 'counted'))?.profile.callbackTimeout, 35);
  });

  test('delete says whether it deleted anything', async () => {
    await store.applications.create(application('deleted', inboundSip('deleted', 'deleted-uri')), BY);
    assert.equal(await store.applications.delete('other', 'deleted', BY), false);
    assert.equal(await store.applications.delete(ACCOUNT, 'deleted', BY), true);
    assert.equal(await store.applications.delete(ACCOUNT, 'deleted', BY), false);
    assert.equal(store.inbound.find('deleted'), undefined);
    assert.equal(store.inbound.find('deleted-uri'), undefined);
  });

  test('the directory finds an application by its id and by the user of its current URI', async () => {
    await store.applications.create(application('found'), BY);
    assert.deepEqual(store.inbound.find('found'), {
      applicationId: 'found',
      uriUser: null,
      inboundSipCallsEnabled: false,
      credential: null,
      allowedSources: [],
      allowedRegions: [],
    });
    const inbound = inboundSip('found', 'found-uri');
    await store.applications.update(ACCOUNT, 'found', (current) => ({ next: { ...current, inbound } }), BY);
    const expected = { applicationId: 'found', inboundSipCallsEnabled: true, ...inbound };
    assert.deepEqual(store.inbound.find('found'), expected);
    assert.deepEqual(store.inbound.find('found-uri'), expected);

    const renewed = { ...inbound, uriUser: 'found-uri-2' };
    await store.applications.update(
      ACCOUNT,
      'found',
      (current) => ({
        next: { ...current, inbound: renewed },
      }),
      BY,
    );
    assert.equal(store.inbound.find('found-uri'), undefined);
    assert.equal(store.inbound.find('found-uri-2')?.uriUser, 'found-uri-2');
    assert.equal(store.inbound.find('FOUND'), undefined);
    assert.equal(store.inbound.find("' or 1=1 --"), undefined);
  });

  test('both look-ups of the directory use an index', () => {
    const reader = new DatabaseSync(path, { readOnly: true });
    for (const column of ['application_id', 'uri_user']) {
      const plan = reader
        .prepare(`explain query plan select 1 from voice_applications where ${column} = ?`)
        .all('x');
      assert.match(JSON.stringify(plan), /USING (COVERING )?INDEX/);
    }
    reader.close();
  });

  test('an update ends in the turn of the event loop in which it began', async () => {
    await store.applications.create(application('turns'), BY);
    const inbound = inboundSip('turns', 'turns-uri');
    let inside = false;
    let turns = 0;
    let turnsInside = 0;
    let running = true;
    const watch = (): void => {
      turns++;
      if (inside) turnsInside++;
      if (running) setImmediate(watch);
    };
    setImmediate(watch);
    for (let round = 0; round < 20; round++) {
      await new Promise(setImmediate);
      const update = store.applications.update(
        ACCOUNT,
        'turns',
        (current) => {
          inside = true;
          return { next: { ...current, inbound: round % 2 === 0 ? inbound : null } };
        },
        BY,
      );
      await update.finally(() => {
        inside = false;
      });
    }
    running = false;
    assert.ok(turns >= 20);
    assert.equal(turnsInside, 0);
  });

  test('a key is made once, and applications, clients and keys outlive a restart', async () => {
    const made = await store.keys.getOrCreate('nonce-hmac', () => Buffer.alloc(32, 7));
    const kept = application('kept', inboundSip('kept', 'kept-uri'));
    await store.applications.create(kept, BY);
    await store.close();
    store = await open();
    assert.deepEqual(await store.keys.getOrCreate('nonce-hmac', () => Buffer.alloc(32, 8)), made);
    assert.deepEqual(await store.applications.get(ACCOUNT, 'kept'), kept);
    assert.equal(store.inbound.find('kept-uri')?.applicationId, 'kept');
    assert.equal((await store.clients.get('first'))?.secrets[0]?.secretHash, 'hash-1');
  });

  test('its files hold no SIP password, and only the owner may read them', () => {
    for (const file of readdirSync(directory)) {
      const full = join(directory, file);
      assert.equal(readFileSync(full).includes(PASSWORD), false, file);
      assert.equal(statSync(full).mode & 0o077, 0, file);
    }
  });

  test('journal, durability and foreign keys are set as intended, and the migration is recorded', () => {
    const reader = new DatabaseSync(path, { readOnly: true });
    assert.equal(reader.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal');
    const names = reader.prepare('select name from kysely_migration').all();
    assert.deepEqual(
      names.map((row) => row['name']),
      ['0001-applications-clients-keys', '0002-client-secrets-token-keys', '0003-audit'],
    );
    reader.close();
  });
});

test('a new store is empty, answers, and works in memory', async () => {
  const store = await openSqliteStore(':memory:', () => 0);
  assert.equal(await store.clients.isEmpty(), true);
  await store.ping();
  await store.clients.create({ clientId: 'c', accountId: ACCOUNT }, { secretId: 'c-1', secretHash: 'h' });
  await store.applications.create(application('in-memory'), BY);
  assert.equal(store.inbound.find('in-memory')?.applicationId, 'in-memory');
  await store.close();
  await assert.rejects(store.ping());
});

test('a file that is not a database is refused with SQLite’s reason', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'store-'));
  await assert.rejects(
    openSqliteStore(directory, () => 0),
    { code: 'EISDIR' },
  );
  await assert.rejects(
    openSqliteStore(join(directory, 'none', 'x.db'), () => 0),
    { code: 'ENOENT' },
  );
  rmSync(directory, { recursive: true });
});

test('processes that create one store at the same time all open it, with one key', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'store-'));
  const program = `
    const { openSqliteStore } = await import(${JSON.stringify(import.meta.resolve('./sqlite_store.ts'))});
    const store = await openSqliteStore(process.argv[1], Date.now);
    const key = await store.keys.getOrCreate('nonce-hmac', () => crypto.getRandomValues(Buffer.alloc(32)));
    await store.close();
    process.stdout.write(key.toString('hex'));`;
  const run = promisify(execFile);
  const outputs = await Promise.all(
    Array.from({ length: 3 }, () =>
      run(process.execPath, ['--input-type=module', '-e', program, join(directory, 'shared.db')]),
    ),
  );
  const keys = new Set(outputs.map(({ stdout }) => stdout));
  rmSync(directory, { recursive: true });
  assert.equal(keys.size, 1);
  assert.match([...keys].join(), /^[0-9a-f]{64}$/);
});
