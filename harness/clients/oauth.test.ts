import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { AnsweringServer, type Answer } from '../testing/answering_server.ts';
import { BrokenPrecondition, HarnessError } from '../verdict.ts';
import { HttpJournal } from './http.ts';
import { requestToken, tokenIn, TokenSource } from './oauth.ts';

const CLIENT = { id: 'client', secret: 's3cret:with-colon' };

/** Gives token-1, token-2, … of this lifetime in seconds. */
async function tokenServer(lifetime: number): Promise<AnsweringServer> {
  let given = 0;
  return AnsweringServer.start(() => {
    given += 1;
    return {
      status: 200,
      body: { access_token: `token-${given}`, token_type: 'Bearer', expires_in: lifetime },
    };
  });
}

async function refusal(answer: Answer): Promise<string> {
  await using server = await AnsweringServer.start(() => answer);
  try {
    await new TokenSource(`${server.url}/token`, CLIENT).token();
  } catch (error) {
    assert.ok(error instanceof HarnessError || error instanceof BrokenPrecondition);
    assert.ok(!error.message.includes(CLIENT.secret), 'the secret is shown');
    return error.message.replace(server.url, 'URL');
  }
  return 'a token';
}

describe('requestToken', () => {
  test('asks as RFC 6749 section 4.4.2 says, with HTTP Basic, id and secret form-encoded', async () => {
    await using server = await tokenServer(60);
    const answer = await requestToken(new HttpJournal(), `${server.url}/token`, CLIENT);
    const [{ method, headers, body } = {}] = server.asked;
    assert.equal(method, 'POST');
    assert.equal(headers?.authorization, `Basic ${btoa('client:s3cret%3Awith-colon')}`);
    assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(body, 'grant_type=client_credentials');
    assert.deepEqual(tokenIn(answer), { token: 'token-1', lifetimeMs: 60_000 });
  });

  test('asks with another form, and without credentials, where that is wanted', async () => {
    await using server = await tokenServer(60);
    await requestToken(new HttpJournal(), server.url, undefined, 'x=1');
    const [{ headers, body } = {}] = server.asked;
    assert.equal(headers?.authorization, undefined);
    assert.equal(body, 'x=1');
  });

  test('leaves what needs no encoding as it is', async () => {
    await using server = await tokenServer(60);
    await requestToken(new HttpJournal(), server.url, { id: 'A-b_c.1', secret: 'x y+z%' });
    assert.equal(server.asked[0]?.headers.authorization, `Basic ${btoa('A-b_c.1:x+y%2Bz%25')}`);
  });
});

const lifetimeOf = (json: object): unknown => tokenIn({ status: 200, json: { access_token: 't', ...json } });

describe('tokenIn', () => {
  test('needs nothing but the token', () => {
    for (const json of [{}, { token_type: 'mac' }, { token_type: 7 }, { scope: [] }])
      assert.deepEqual(lifetimeOf(json), { token: 't', lifetimeMs: undefined });
    assert.deepEqual(tokenIn({ status: 201, json: { access_token: 't' } }), {
      token: 't',
      lifetimeMs: undefined,
    });
  });

  test('knows the lifetime where it is a number of seconds above 0', () => {
    for (const [seconds, lifetimeMs] of [
      [1, 1_000],
      [0.5, 500],
      [1e15, 1e18],
    ] as const)
      assert.deepEqual(lifetimeOf({ expires_in: seconds }), { token: 't', lifetimeMs });
    for (const told of [undefined, null, 0, -1, '60', 'soon', {}, Infinity])
      assert.deepEqual(lifetimeOf({ expires_in: told }), { token: 't', lifetimeMs: undefined });
  });

  test('takes none from a refusal', () => {
    assert.equal(tokenIn({ status: 400, json: { access_token: 't' } }), undefined);
  });
});

describe('TokenSource', () => {
  test('uses a token again while it is good', async () => {
    await using server = await tokenServer(60);
    const source = new TokenSource(server.url, CLIENT);
    assert.deepEqual([await source.token(), await source.token()], ['token-1', 'token-1']);
    assert.equal(server.asked.length, 1);
  });

  test('asks anew for one that ends within two seconds', async () => {
    await using server = await tokenServer(2);
    const source = new TokenSource(server.url, CLIENT);
    assert.deepEqual([await source.token(), await source.token()], ['token-1', 'token-2']);
  });

  test('says that the credentials are wrong, and where they come from', async () => {
    assert.equal(
      await refusal({ status: 401, body: { error: 'invalid_client' } }),
      "URL/token gave no access token: 401 to the client credentials. Check the variables that the target's " +
        'descriptor names under account.',
    );
  });

  test('says what came where it holds no token, and shows no value', async () => {
    for (const [body, content] of [
      [{ refresh_token: 'hidden', expires_in: 60 }, '{refresh_token, expires_in}'],
      [{ access_token: '', token_type: 'bearer' }, '{access_token, token_type}'],
      [{ access_token: 7 }, '{access_token}'],
      ['<html>', 'a body that is no JSON (text/plain)'],
      ['', 'no body'],
    ] as const) {
      assert.equal(
        await refusal({ status: 200, body }),
        `POST URL/token was answered 200 with ${content}: there is no access_token in it (RFC 6749 section 5.1). ` +
          "Is it the token endpoint? See api.tokenUrl in the target's descriptor; that is for " +
          'oauth.token.client-credentials to judge, and this rule cannot be judged without it',
      );
    }
  });

  test('says that nobody answers', async () => {
    assert.match(await refusal(undefined), /^POST URL\/token got no answer: /);
  });

  test('tries again after a failure', async () => {
    let refused = false;
    await using server = await AnsweringServer.start(() => {
      if (refused)
        return { status: 200, body: { access_token: 'late', token_type: 'bearer', expires_in: 60 } };
      refused = true;
      return { status: 503, body: {} };
    });
    const source = new TokenSource(server.url, CLIENT);
    await assert.rejects(
      source.token(),
      /503 to the client credentials\. The token endpoint is in trouble: /,
    );
    assert.equal(await source.token(), 'late');
  });
});
