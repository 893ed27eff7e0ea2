import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';

import { storedClientSecret } from '../store/model/secret_hash.ts';
import { openSqliteStore } from '../store/sqlite/sqlite_store.ts';
import type { Store } from '../store/store.ts';
import { clientAuthentication } from './client_authentication.ts';

const ID = 'client-1';
const SECRET = 'secret-of-the-client';
const HERE = '203.0.113.7';
const ELSEWHERE = '198.51.100.9';
const FREE = 20;
const FORGET_MS = 6000;

const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** Every octet of an ASCII text percent-encoded. */
const everyOctet = (text: string): string => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');

type Authenticate = Awaited<ReturnType<typeof clientAuthentication>>;

describe('client authentication', () => {
  let store: Store;
  let authenticate: Authenticate;
  let time: number;

  before(async () => {
    store = await openSqliteStore(':memory:', () => time);
  });
  after(() => store.close());
  beforeEach(async () => {
    time = 1_700_000_000_000;
    await store.clients.remove(ID);
    await store.clients.create(
      { clientId: ID, accountId: '9900000' },
      await storedClientSecret(SECRET, randomBytes),
    );
    authenticate = await clientAuthentication({ clients: store.clients, now: () => time, randomBytes });
  });

  /** The client's id, the seconds to wait, or undefined if refused. */
  async function outcome(
    authorization: string | undefined,
    from = HERE,
  ): Promise<string | number | undefined> {
    const result = await authenticate(authorization, from);
    if (result === undefined) return undefined;
    return 'clientId' in result ? result.clientId : result.retryAfterMs / 1000;
  }
  async function guesses(count: number, from = HERE, id = ID): Promise<(string | number | undefined)[]> {
    const all: (string | number | undefined)[] = [];
    for (let i = 0; i < count; i += 1) all.push(await outcome(basic(id, `guess-${i}`), from));
    return all;
  }

  test('recognises a client by its secret, plain or form-encoded, and says which secret it was', async () => {
    const [secret] = (await store.clients.get(ID))?.secrets ?? [];
    const result = await authenticate(basic(ID, SECRET), HERE);
    assert.ok(result !== undefined && 'clientId' in result);
    assert.deepEqual([result.accountId, result.secretId], ['9900000', secret?.secretId]);
    assert.equal(await outcome(basic(everyOctet(ID), everyOctet(SECRET))), ID);
  });

  test('refuses a header that is not Basic, an unknown client and a wrong secret', async () => {
    for (const header of [undefined, '', 'Basic', 'Basic !!', 'Bearer x', basic('nobody', SECRET)]) {
      assert.equal(await outcome(header), undefined, header);
    }
    for (const secret of ['', 'wrong', `${SECRET}x`, SECRET.slice(0, -1), SECRET.toUpperCase()]) {
      assert.equal(await outcome(basic(ID, secret)), undefined, secret);
    }
  });

  test('a source that failed too often waits until one failure is forgotten', async () => {
    assert.deepEqual(new Set(await guesses(FREE)), new Set([undefined]));
    assert.equal(await outcome(basic(ID, 'one more')), FORGET_MS / 1000);
    assert.equal(await outcome(basic(ID, SECRET)), FORGET_MS / 1000);
    time += FORGET_MS;
    assert.equal(await outcome(basic(ID, SECRET)), ID);
  });

  test('headers without credentials are not counted as attempts', async () => {
    for (let i = 0; i < 3 * FREE; i += 1) await outcome(i % 2 === 0 ? undefined : 'Basic !!');
    assert.equal(await outcome(basic(ID, SECRET)), ID);
  });

  test('while one address guesses at a client, the right secret works from elsewhere', async () => {
    await guesses(FREE + 1);
    assert.equal(await outcome(basic(ID, SECRET), ELSEWHERE), ID);
  });

  test('while many addresses guess at a client, the right secret works from a new address', async () => {
    for (let i = 0; i < 2 * FREE; i += 1) await guesses(1, `192.0.2.${i}`);
    // Each guesser has used its one failure and must wait until it is forgotten.
    assert.equal(await outcome(basic(ID, 'a guess'), '192.0.2.1'), FORGET_MS / 1000);
    assert.equal(await outcome(basic(ID, SECRET), ELSEWHERE), ID);
  });

  test('a secret that was good from an address still works there while a guesser shares the address', async () => {
    assert.equal(await outcome(basic(ID, SECRET)), ID);
    await guesses(FREE + 5);
    assert.equal(await outcome(basic(ID, 'one more')), FORGET_MS / 1000);
    assert.equal(await outcome(basic(ID, SECRET)), ID);
  });

  test('a recognised secret is refused as soon as the store drops it', async () => {
    assert.equal(await outcome(basic(ID, SECRET)), ID);
    await store.clients.rotate(ID, await storedClientSecret('the-next-secret', randomBytes), time + 1000);
    assert.equal(await outcome(basic(ID, SECRET)), ID);
    assert.equal(await outcome(basic(ID, 'the-next-secret')), ID);
    time += 1000;
    assert.equal(await outcome(basic(ID, SECRET)), undefined);
    assert.equal(await outcome(basic(ID, 'the-next-secret')), ID);
    await store.clients.remove(ID);
    assert.equal(await outcome(basic(ID, 'the-next-secret')), undefined);
  });

  test('simultaneous guesses get no more tries than successive ones', async () => {
    const all = await Promise.all(
      Array.from({ length: 3 * FREE }, (_, i) => outcome(basic(ID, `guess-${i}`))),
    );
    assert.equal(all.filter((one) => one === undefined).length, FREE);
    assert.equal(all.filter((one) => one === FORGET_MS / 1000).length, 2 * FREE);
  });

  test('simultaneous right secrets are all accepted', async () => {
    const all = await Promise.all(Array.from({ length: 3 * FREE }, () => outcome(basic(ID, SECRET))));
    assert.deepEqual(new Set(all), new Set([ID]));
  });

  test('the attempts that wait from one address are bounded', async () => {
    const all = await Promise.all(Array.from({ length: 300 }, (_, i) => outcome(basic(ID, `guess-${i}`))));
    assert.equal(all.filter((one) => one === 1).length, 100);
    assert.equal(await outcome(basic(ID, SECRET), ELSEWHERE), ID);
  });
});
