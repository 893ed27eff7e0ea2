import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { decodeJwt } from 'jose';

import {
  ACCOUNT,
  basic,
  CLIENT,
  OTHER_CLIENT,
  startTestApi,
  TOKEN_LIFETIME_SECONDS,
  type Answer,
  type TestApi,
} from '../testing/loopback_api.ts';

const PATH = '/api/v1/oauth2/token';
const FORM = 'application/x-www-form-urlencoded';
const GRANT = 'grant_type=client_credentials';

function assertRefused(answer: Answer, status: number, error: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.error, error);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('pragma'), 'no-cache');
  assert.equal(answer.headers.has('www-authenticate'), status === 401);
}

describe('the token endpoint', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.stop());

  const ask = (raw: string, authorization = basic(CLIENT), type = FORM): Promise<Answer> =>
    api.call('POST', PATH, { raw, token: null, headers: { authorization, 'content-type': type } });

  test('gives a client a token for its account', async () => {
    const answer = await ask(GRANT);
    assert.equal(answer.status, 200);
    const { access_token, ...rest } = answer.body;
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: TOKEN_LIFETIME_SECONDS });
    const { accounts, sub, exp, iat } = decodeJwt(access_token);
    assert.deepEqual([accounts, sub], [[ACCOUNT], CLIENT.id]);
    assert.equal((exp ?? 0) - (iat ?? 0), TOKEN_LIFETIME_SECONDS);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('pragma'), 'no-cache');
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  });

  test('never gives the same token twice', async () => {
    const [a, b] = await Promise.all([ask(GRANT), ask(GRANT)]);
    assert.notEqual(a.body.access_token, b.body.access_token);
  });

  test('answers a wrong id and a wrong secret with the same response', async () => {
    const wrong = [
      await ask(GRANT, basic({ id: CLIENT.id, secret: 'wrong' })),
      await ask(GRANT, basic({ id: 'wrong', secret: CLIENT.secret })),
      await ask(GRANT, basic({ id: CLIENT.id, secret: OTHER_CLIENT.secret })),
      await ask(GRANT, basic({ id: CLIENT.id, secret: '' })),
      await ask(GRANT, 'Basic !!!'),
      await ask(GRANT, `Bearer ${await api.token()}`),
    ];
    for (const answer of wrong) {
      assertRefused(answer, 401, 'invalid_client');
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic realm=/);
      assert.equal(answer.text, wrong[0]?.text);
    }
    const none = await api.call('POST', PATH, { raw: GRANT, token: null, headers: { 'content-type': FORM } });
    assertRefused(none, 401, 'invalid_client');
  });

  test('names what is wrong with the request', async () => {
    assertRefused(await ask(''), 400, 'invalid_request');
    assertRefused(await ask('grant_type='), 400, 'invalid_request');
    assertRefused(await ask('scope=x'), 400, 'invalid_request');
    assertRefused(await ask(`${GRANT}&${GRANT}`), 400, 'invalid_request');
    assertRefused(await ask(`${GRANT}&x=1&x=`), 400, 'invalid_request');
    assertRefused(await ask(`${GRANT}&client_secret=x`), 400, 'invalid_request');
    assertRefused(await ask('grant_type=password'), 400, 'unsupported_grant_type');
    assertRefused(await ask('grant_type=CLIENT_CREDENTIALS'), 400, 'unsupported_grant_type');
    assertRefused(await ask(`${GRANT}&scope=calls`), 400, 'invalid_scope');
    assertRefused(await ask(`${GRANT}&scope=calls+numbers`), 400, 'invalid_scope');
    assertRefused(await ask('grant_type=password&scope=calls'), 400, 'unsupported_grant_type');
    const json = JSON.stringify({ grant_type: 'client_credentials' });
    assertRefused(await ask(json, basic(CLIENT), 'application/json'), 400, 'invalid_request');
    assertRefused(await ask(`${GRANT}&x=${'x'.repeat(70_000)}`), 400, 'invalid_request');
  });

  test('takes a parameter without a value for absent', async () => {
    for (const empty of ['scope=', 'client_secret=', 'client_id=', 'x-unknown=', 'x-unknown', '=']) {
      const answer = await ask(`${GRANT}&${empty}`);
      assert.equal(answer.status, 200, `${empty}: ${answer.text}`);
      assert.equal(answer.body.scope, undefined);
    }
  });

  test('accepts POST only', async () => {
    const answer = await api.call('GET', PATH, { token: null });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'POST, OPTIONS');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });

  test('logs no secret and no token', async () => {
    const { body } = await ask(GRANT);
    const written = JSON.stringify(api.logs);
    assert.ok(api.logs.some(({ event, route }) => event === 'api.request' && route === PATH));
    for (const secret of [CLIENT.secret, basic(CLIENT), body.access_token])
      assert.ok(!written.includes(secret));
  });
});

const asked = (api: TestApi, secret: string, forwardedFor: string): Promise<Answer> =>
  api.call('POST', PATH, {
    raw: GRANT,
    token: null,
    headers: {
      authorization: basic({ id: CLIENT.id, secret }),
      'content-type': FORM,
      'x-forwarded-for': forwardedFor,
    },
  });

describe('the token endpoint under attack', () => {
  test('answers a guesser 429 with Retry-After, and the client at its own address 200', async () => {
    const api = await startTestApi({ trustedProxies: ['127.0.0.1'] });
    try {
      for (let i = 0; i < 20; i += 1) {
        assertRefused(await asked(api, `guess-${i}`, '192.0.2.66'), 401, 'invalid_client');
      }
      const answer = await asked(api, CLIENT.secret, '192.0.2.66');
      assertRefused(answer, 429, 'temporarily_unavailable');
      const seconds = Number(answer.headers.get('retry-after'));
      assert.ok(seconds >= 1 && seconds <= 6, String(seconds));
      assert.match(answer.body.error_description, /^too many failed attempts: try again in \d s$/);
      assert.equal((await asked(api, CLIENT.secret, '203.0.113.7')).status, 200);
      api.advance(seconds * 1000);
      assert.equal((await asked(api, CLIENT.secret, '192.0.2.66')).status, 200);
    } finally {
      await api.stop();
    }
  });

  test('ignores X-Forwarded-For from an untrusted sender', async () => {
    const api = await startTestApi();
    try {
      for (let i = 0; i < 21; i += 1) await asked(api, `guess-${i}`, `192.0.2.${i}`);
      assert.equal((await asked(api, 'one more', '203.0.113.7')).status, 429);
      assert.equal((await asked(api, CLIENT.secret, '203.0.113.7')).status, 200);
    } finally {
      await api.stop();
    }
  });
});
