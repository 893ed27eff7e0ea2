import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, test } from 'node:test';

import { openSqliteStore } from '../sqlite/sqlite_store.ts';
import type { ClientRepository, Store } from '../store.ts';

const START = 1_700_000_000_000;

describe('the clients of a store', () => {
  let directory: string;
  let path: string;
  let store: Store;
  let clients: ClientRepository;
  let time = START;
  let round = 0;
  /** A client that only this test uses. */
  let id: string;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'clients-'));
    path = join(directory, 'voice.db');
    store = await openSqliteStore(path, () => time);
    clients = store.clients;
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  beforeEach(async () => {
    time = START;
    id = `client-${(round += 1)}`;
    assert.equal(await clients.create({ clientId: id, accountId: '9900000' }, secret('a')), true);
  });

  const secret = (name: string): { secretId: string; secretHash: string } => ({
    secretId: `${id}-${name}`,
    secretHash: `hash-${name}`,
  });
  const good = async (): Promise<(string | undefined)[]> =>
    (await clients.get(id))?.secrets.map(({ secretHash }) => secretHash) ?? [];

  test('an account may have several clients', async () => {
    await clients.create({ clientId: `${id}-b`, accountId: '9900000' }, secret('b'));
    await clients.create({ clientId: `${id}-c`, accountId: 'another' }, secret('c'));
    const listed = (await clients.list()).filter(({ clientId }) => clientId.startsWith(`${id}-`));
    assert.deepEqual(
      listed.map(({ clientId, accountId, secrets }) => [clientId, accountId, secrets.length]),
      [
        [`${id}-b`, '9900000', 1],
        [`${id}-c`, 'another', 1],
      ],
    );
    assert.deepEqual(await clients.get(`${id}-c`), {
      clientId: `${id}-c`,
      accountId: 'another',
      secrets: [{ ...secret('c'), createdAt: START, validUntil: undefined }],
    });
    assert.equal(await clients.get('nobody'), undefined);
  });

  test('a second client of the same id is refused, and nothing changes', async () => {
    assert.equal(await clients.create({ clientId: id, accountId: 'another' }, secret('b')), false);
    assert.equal((await clients.get(id))?.accountId, '9900000');
    assert.deepEqual(await good(), ['hash-a']);
  });

  test('without an overlap the former secret dies at once', async () => {
    assert.equal(await clients.rotate(id, secret('b'), undefined), true);
    assert.deepEqual(await good(), ['hash-b']);
    assert.equal(await clients.ofSecret(secret('a').secretId), undefined);
    assert.deepEqual(await clients.ofSecret(secret('b').secretId), { clientId: id, accountId: '9900000' });
  });

  test('with an overlap both secrets are good, the former one exactly until its end', async () => {
    await clients.rotate(id, secret('b'), START + 1000);
    time = START + 999;
    assert.deepEqual(await good(), ['hash-b', 'hash-a']);
    assert.notEqual(await clients.ofSecret(secret('a').secretId), undefined);
    time = START + 1000;
    assert.deepEqual(await good(), ['hash-b']);
    assert.equal(await clients.ofSecret(secret('a').secretId), undefined);
    assert.notEqual(await clients.ofSecret(secret('b').secretId), undefined);
  });

  test('a client never has more than two secrets, and a second rotation extends none', async () => {
    await clients.rotate(id, secret('b'), START + 1000);
    await clients.rotate(id, secret('c'), START + 500);
    assert.deepEqual(await good(), ['hash-c', 'hash-b']);
    time = START + 500;
    assert.deepEqual(await good(), ['hash-c']);
    await clients.rotate(id, secret('d'), time + 100);
    await clients.rotate(id, secret('e'), undefined);
    assert.deepEqual(await good(), ['hash-e']);
    const reader = new DatabaseSync(path, { readOnly: true });
    const rows = reader.prepare('select count(*) as n from client_secrets where client_id = ?').get(id);
    reader.close();
    assert.equal(rows?.['n'], 1);
  });

  test('a removed client loses its secrets, and a new client of the same id has none of them', async () => {
    assert.equal(await clients.remove(id), true);
    assert.equal(await clients.remove(id), false);
    assert.equal(await clients.get(id), undefined);
    assert.equal(await clients.ofSecret(secret('a').secretId), undefined);
    await clients.create({ clientId: id, accountId: '9900000' }, secret('again'));
    assert.equal(await clients.ofSecret(secret('a').secretId), undefined);
  });

  test('an unknown client cannot be rotated', async () => {
    assert.equal(await clients.rotate('nobody', secret('b'), undefined), false);
    assert.equal(await clients.ofSecret(secret('b').secretId), undefined);
  });

  test('a client keeps its secrets when it moves to another account', async () => {
    await clients.move(id, 'new-account');
    assert.deepEqual(await clients.ofSecret(secret('a').secretId), {
      clientId: id,
      accountId: 'new-account',
    });
  });

  test('a change over another connection is seen at once', async () => {
    const other = await openSqliteStore(path, () => time);
    await other.clients.rotate(id, secret('b'), undefined);
    assert.deepEqual(await good(), ['hash-b']);
    await other.clients.remove(id);
    assert.equal(await clients.get(id), undefined);
    await other.close();
  });
});

test('a store of the first schema keeps its clients and their secrets', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'clients-'));
  const path = join(directory, 'voice.db');
  const database = new DatabaseSync(path);
  database.exec(`
    create table accounts (account_id text primary key, created_at bigint not null);
    create table clients (
      client_id text primary key,
      account_id text not null references accounts (account_id),
      secret_hash text not null
    );
    create table keys (name text primary key, secret blob not null, created_at bigint not null);
    create table voice_applications (
      application_id text primary key,
      account_id text not null references accounts (account_id),
      profile text not null,
      uri_user text unique, credential text, allowed_sources text, allowed_regions text,
      created_at bigint not null
    );
    create table kysely_migration (name text primary key, timestamp text not null);
    insert into kysely_migration values ('0001-applications-clients-keys', '2026-01-01T00:00:00.000Z');
    insert into accounts values ('9900000', 5);
    insert into clients values ('first', '9900000', 'hash-1');
    insert into keys values ('token-signing', x'00', 5), ('nonce-hmac', x'01', 5);`);
  database.close();
  const store = await openSqliteStore(path, () => START);
  const [secret] = (await store.clients.get('first'))?.secrets ?? [];
  assert.deepEqual([secret?.secretHash, secret?.createdAt, secret?.validUntil], ['hash-1', 5, undefined]);
  const owner = await store.clients.ofSecret(secret?.secretId ?? '');
  assert.equal(owner?.clientId, 'first');
  const nonceKey = await store.keys.getOrCreate('nonce-hmac', () => Buffer.alloc(1));
  assert.deepEqual(nonceKey, Buffer.from([1]));
  await store.close();
  rmSync(directory, { recursive: true });
});
