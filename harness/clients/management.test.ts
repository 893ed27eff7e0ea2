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

describe('ManagementClient', () => {
  test('sends again where its token may have expired on the way', async () => {
    assert.deepEqual(await readWith(1), [200, ['Bearer token-1', 'Bearer token-2']]);
  });

  test('returns the refusal of a token that is still valid', async () => {
    assert.deepEqual(await readWith(60), [401, ['Bearer token-1']]);
  });
});
