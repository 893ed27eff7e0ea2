import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { AnsweringServer } from '../testing/answering_server.ts';
import { HttpJournal } from './http.ts';
import { ManagementClient } from './management.ts';
import { TokenSource } from './oauth.ts';

/** A read's status, and its tokens, where tokens live this long and the target accepts only the second one. */
async function readWith(lifetimeSeconds: number): Promise<readonly [status: number, asked: unknown[]]> {
  let sold = 0;
  await using server = await AnsweringServer.start(({ url, headers }) => {
    if (url === '/token') {
      sold += 1;
      const token = { access_token: `token-${sold}`, token_type: 'bearer', expires_in: lifetimeSeconds };
      return { status: 200, body: token };
    }
    return { status: headers.authorization === 'Bearer token-2' ? 200 : 401, body: {} };
  });
  const tokens = new TokenSource(`${server.url}/token`, { id: 'a', secret: 'b' });
  const { status } = await new ManagementClient(new HttpJournal(), tokens, server.url, '1').get('2');
  return [
    status,
    server.asked.filter(({ method }) => method === 'GET').map(({ headers }) => headers.authorization),
  ];
}

/** A service whose tokens live this long, as it says; it accepts those that `accepts` does. */
async function reading(
  expiresIn: unknown,
  accepts: (token: string, reads: number) => boolean,
  times: number,
): Promise<readonly [statuses: readonly number[], bought: number]> {
  let sold = 0;
  let reads = 0;
  await using server = await AnsweringServer.start(({ url, headers }) => {
    if (url === '/token') {
      sold += 1;
      return { status: 200, body: { access_token: `token-${sold}`, expires_in: expiresIn } };
    }
    reads += 1;
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    return { status: accepts(token, reads) ? 200 : 401, body: {} };
  });
  const tokens = new TokenSource(`${server.url}/token`, { id: 'a', secret: 'b' });
  const api = new ManagementClient(new HttpJournal(), tokens, server.url, '1');
  const statuses: number[] = [];
  while (statuses.length < times) statuses.push((await api.get('2')).status);
  return [statuses, sold];
}

const endsAfterTwo = (token: string, reads: number): boolean => token !== 'token-1' || reads <= 2;
const allEndAfterOne = (_token: string, reads: number): boolean => reads <= 1;

describe('ManagementClient', () => {
  test('sends again where its token may have expired on the way', async () => {
    assert.deepEqual(await readWith(1), [200, ['Bearer token-1', 'Bearer token-2']]);
  });

  test('returns the refusal of a token that is still valid', async () => {
    assert.deepEqual(await readWith(60), [401, ['Bearer token-1']]);
  });

  test('buys a new one where nobody tells how long a token lives', async () => {
    for (const told of [undefined, '60', 0, -1])
      assert.deepEqual(await reading(told, (token) => token !== 'token-1', 3), [[200, 200, 200], 2]);
  });

  test('buys a new one where a token that worked has ended early, and sends once more only', async () => {
    assert.deepEqual(await reading(3600, endsAfterTwo, 4), [[200, 200, 200, 200], 2]);
    assert.deepEqual(await reading(3600, allEndAfterOne, 3), [[200, 401, 401], 2]);
  });

  test('asks twice at most where every token is refused', async () => {
    assert.deepEqual(await reading(undefined, () => false, 1), [[401], 2]);
    assert.deepEqual(await reading(3600, () => false, 2), [[401, 401], 1]);
  });

  test('sends what may get no answer once more, too', async () => {
    let sold = 0;
    await using server = await AnsweringServer.start(({ url, headers }) => {
      if (url === '/token') return { status: 200, body: { access_token: `token-${++sold}` } };
      return headers.authorization === 'Bearer token-1' ? { status: 401, body: {} } : undefined;
    });
    const tokens = new TokenSource(`${server.url}/token`, { id: 'a', secret: 'b' });
    const api = new ManagementClient(new HttpJournal(), tokens, server.url, '1');
    const outcome = await api.attempt({ method: 'PATCH', applicationId: '2', body: '{}' });
    assert.ok('instead' in outcome, JSON.stringify(outcome));
    assert.deepEqual(
      server.asked.filter(({ url }) => url !== '/token').map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-2'],
    );
  });
});
