import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';

import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';

import { accessTokens } from './access_token.ts';

const KEY = Buffer.alloc(32, 1);
const BEARER = { clientId: 'client-1', accounts: ['9900000'] };
let time = 1_700_000_000_000;
const tokens = accessTokens({ key: KEY, lifetimeSeconds: 60, now: () => time, newUuid: randomUUID });

describe('an access token', () => {
  test('carries accounts, sub, iat, exp and jti, and reads back', async () => {
    const token = await tokens.issue(BEARER);
    const { jti, ...claims } = decodeJwt(token);
    assert.deepEqual(claims, {
      accounts: ['9900000'],
      sub: 'client-1',
      iat: 1_700_000_000,
      exp: 1_700_000_060,
    });
    assert.match(jti ?? '', /^[0-9a-f-]{36}$/);
    assert.deepEqual(await tokens.read(token), BEARER);
  });

  test('is good until its last second and expired from then on', async () => {
    const start = time;
    const token = await tokens.issue(BEARER);
    time = start + 59_999;
    assert.deepEqual(await tokens.read(token), BEARER);
    time = start + 60_000;
    assert.equal(await tokens.read(token), 'expired');
    time = start;
  });

  test('of another key, changed, unsigned, incomplete or no token at all is invalid', async () => {
    const token = await tokens.issue(BEARER);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const foreign = accessTokens({
      key: Buffer.alloc(32, 2),
      lifetimeSeconds: 60,
      now: () => time,
      newUuid: randomUUID,
    });
    const richer = Buffer.from(JSON.stringify({ ...decodeJwt(token), accounts: ['other'] })).toString(
      'base64url',
    );
    const seconds = Math.floor(time / 1000);
    const signed = (claims: object, alg = 'HS256'): Promise<string> =>
      new SignJWT({ sub: 'x', iat: seconds, exp: seconds + 60, jti: 'j', ...claims })
        .setProtectedHeader({ alg })
        .sign(KEY);
    const invalid = [
      await foreign.issue(BEARER),
      `${header}.${richer}.${signature}`,
      `${header}.${payload}.`,
      new UnsecuredJWT({
        sub: 'x',
        accounts: ['9900000'],
        iat: seconds,
        exp: seconds + 60,
        jti: 'j',
      }).encode(),
      await signed({}),
      await signed({ accounts: ['9900000'] }, 'HS512'),
      await signed({ accounts: '9900000' }),
      await signed({ accounts: ['9900000'], exp: undefined }),
      'garbage',
      '..',
      '',
    ];
    for (const text of invalid) assert.equal(await tokens.read(text), 'invalid', text);
  });
});
