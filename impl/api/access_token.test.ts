import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';

import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';

import { openSqliteStore } from '../store/sqlite/sqlite_store.ts';
import type { Store } from '../store/store.ts';
import { accessTokens, freshTokenKey, type AccessTokens } from './access_token.ts';

const START = 1_700_000_000_000;
const BEARER = { clientId: 'client-1', accounts: ['9900000'] };
const BUYER = { ...BEARER, secretId: 'secret-1' };
const CLIENT = { clientId: 'client-1', accountId: '9900000' };
const NEW_SECRET = { secretId: 'secret-2', secretHash: 'hash-2' };

describe('an access token', () => {
  let store: Store;
  let tokens: AccessTokens;
  let time = START;
  const now = (): number => time;

  before(async () => {
    store = await openSqliteStore(':memory:', now);
    const { tokenKeys: keys, clients } = store;
    tokens = accessTokens({ keys, clients, lifetimeSeconds: 60, now, newUuid: randomUUID, randomBytes });
  });
  after(() => store.close());
  beforeEach(async () => {
    time = START;
    await store.clients.remove(CLIENT.clientId);
    await store.clients.create(CLIENT, { secretId: 'secret-1', secretHash: 'hash-1' });
  });

  test('carries accounts, secret_id, sub, iat, exp and jti, names its key, and reads back', async () => {
    const token = await tokens.issue(BUYER);
    const { jti, ...claims } = decodeJwt(token);
    assert.deepEqual(claims, {
      accounts: ['9900000'],
      secret_id: 'secret-1',
      sub: 'client-1',
      iat: 1_700_000_000,
      exp: 1_700_000_060,
    });
    assert.match(jti ?? '', /^[0-9a-f-]{36}$/);
    const { kid } = await store.tokenKeys.current(assert.fail);
    assert.deepEqual(decodeProtectedHeader(token), { alg: 'HS256', kid });
    assert.deepEqual(await tokens.read(token), BEARER);
  });

  test('is good for its lifetime to the millisecond, then expired', async () => {
    const token = await tokens.issue(BUYER);
    time = START + 59_999;
    assert.deepEqual(await tokens.read(token), BEARER);
    time = START + 60_000;
    assert.equal(await tokens.read(token), undefined);
  });

  test('stays good after a key roll until the former key ends; the new key signs new tokens', async () => {
    const former = await tokens.issue(BUYER);
    const next = freshTokenKey(randomBytes);
    await store.tokenKeys.roll(next, START + 30_000);
    const afterwards = await tokens.issue(BUYER);
    assert.equal(decodeProtectedHeader(afterwards).kid, next.kid);
    time = START + 29_999;
    assert.deepEqual(await tokens.read(former), BEARER);
    time = START + 30_000;
    assert.equal(await tokens.read(former), undefined);
    assert.deepEqual(await tokens.read(afterwards), BEARER);
  });

  test('dies when its key is dropped', async () => {
    const token = await tokens.issue(BUYER);
    const { kid } = await store.tokenKeys.current(assert.fail);
    await store.tokenKeys.roll(freshTokenKey(randomBytes), START + 30_000);
    assert.deepEqual(await tokens.read(token), BEARER);
    await store.tokenKeys.drop(kid);
    assert.equal(await tokens.read(token), undefined);
  });

  test('dies with the secret it was bought with, at the end of the overlap', async () => {
    const token = await tokens.issue(BUYER);
    await store.clients.rotate('client-1', NEW_SECRET, START + 10_000);
    assert.deepEqual(await tokens.read(token), BEARER);
    time = START + 10_000;
    assert.equal(await tokens.read(token), undefined);
    assert.deepEqual(await tokens.read(await tokens.issue({ ...BUYER, secretId: 'secret-2' })), BEARER);
  });

  test('dies with its client, and a new client of the same id does not revive it', async () => {
    const token = await tokens.issue(BUYER);
    await store.clients.remove('client-1');
    assert.equal(await tokens.read(token), undefined);
    await store.clients.create(CLIENT, NEW_SECRET);
    assert.equal(await tokens.read(token), undefined);
  });

  test('opens nothing when its client has moved to another account', async () => {
    const token = await tokens.issue(BUYER);
    await store.clients.move('client-1', '9900001');
    assert.equal(await tokens.read(token), undefined);
  });

  test('is invalid if signed by another key, altered, unsigned or incomplete, or if it is no token', async () => {
    const token = await tokens.issue(BUYER);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const current = await store.tokenKeys.current(assert.fail);
    const richer = Buffer.from(JSON.stringify({ ...decodeJwt(token), accounts: ['other'] })).toString(
      'base64url',
    );
    const seconds = START / 1000;
    const whole = { sub: 'client-1', iat: seconds, exp: seconds + 60, jti: 'j', secret_id: 'secret-1' };
    const signed = (claims: object, { alg = 'HS256', kid = current.kid, key = current.secret } = {}) =>
      new SignJWT({ ...whole, accounts: ['9900000'], ...claims }).setProtectedHeader({ alg, kid }).sign(key);
    assert.deepEqual(await tokens.read(await signed({})), BEARER);
    const invalid = [
      await signed({}, { key: Buffer.alloc(32, 2) }),
      await signed({}, { kid: 'unknown' }),
      await new SignJWT({ ...whole, accounts: ['9900000'] })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(current.secret),
      await new SignJWT({ ...whole, accounts: ['9900000'] })
        // On the wire, kid can have any type.
        .setProtectedHeader({ alg: 'HS256', kid: JSON.parse('7') })
        .sign(current.secret),
      `${header}.${richer}.${signature}`,
      `${header}.${payload}.`,
      new UnsecuredJWT({ ...whole, accounts: ['9900000'] }).encode(),
      await signed({}, { alg: 'HS512' }),
      await signed({ accounts: undefined }),
      await signed({ accounts: '9900000' }),
      await signed({ accounts: ['9900001'] }),
      await signed({ exp: undefined }),
      await signed({ secret_id: undefined }),
      await signed({ secret_id: 'unknown' }),
      'garbage',
      '..',
      '',
    ];
    for (const text of invalid) assert.equal(await tokens.read(text), undefined, text);
  });
});
