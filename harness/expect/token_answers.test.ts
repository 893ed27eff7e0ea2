import { describe, test } from 'node:test';

import type { HttpAnswer } from '../clients/http.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import {
  challenged,
  scopeAnswered,
  storingForbidden,
  tokenAsDocumented,
  tokenGiven,
  tokenRefused,
  untold,
} from './token_answers.ts';

const where = 'the answer to POST /api/v1/oauth2/token; see the API exchange';

function answer(body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return {
    request: { method: 'POST', url: 'http://api.example/api/v1/oauth2/token' },
    status: 401,
    headers: new Headers(headers),
    text: JSON.stringify(body) ?? '',
    json: body,
    durationMs: 1,
  };
}

const challengedBy = (value: string) => challenged(answer({}, { 'www-authenticate': value }), 'Basic');
const forbiddenBy = (value: string) => storingForbidden(answer({}, { 'cache-control': value }));

describe('tokenRefused', () => {
  test('takes the error with and without anything beside it', () => {
    assertFits(tokenRefused(answer({ error: 'invalid_client' }), 'invalid_client'));
    const more = { error: 'invalid_client', error_description: 'no', error_uri: 'https://a.example', x: 1 };
    assertFits(tokenRefused(answer(more), 'invalid_client'));
  });

  test('finds another error, none, no JSON, and a token beside the error', () => {
    const acceptable = ['{error: "invalid_client"}'];
    const other = tokenRefused(answer({ error: 'invalid_request' }), 'invalid_client');
    assertMisfit(other, { acceptable, actual: '{error: "invalid_request"}', where });
    assertMisfit(tokenRefused(answer({}), 'invalid_client'), { acceptable, actual: /^error: /, where });
    const none = tokenRefused(answer(undefined), 'invalid_client');
    assertMisfit(none, { acceptable, actual: 'a body that is no JSON', where });
    assertMisfit(tokenRefused(answer({ error: 'invalid_client', access_token: 't' }), 'invalid_client'), {
      acceptable: ['no access_token in the body'],
      actual: /^access_token is there/,
      where,
    });
  });
});

describe('challenged', () => {
  test('takes the scheme in any case, alone, with parameters, and among others', () => {
    for (const value of [
      'Basic',
      'basic realm="x"',
      'Basic realm="a, b", charset="UTF-8"',
      'Bearer realm="x", Basic realm="y"',
      'Newauth a="b, \\"Bearer x", Basic realm="y"',
    ])
      assertFits(challengedBy(value));
  });

  test('finds it missing, and not in a quoted text or a longer word', () => {
    const acceptable = ['www-authenticate: Basic …'];
    for (const value of ['Bearer realm="x"', 'Bearer realm="x, Basic y"', 'Basics', 'Bearer realm=Basic']) {
      assertMisfit(challengedBy(value), { acceptable, actual: `www-authenticate: ${value}`, where });
    }
    const actual = 'no www-authenticate header';
    assertMisfit(challenged(answer({}), 'Basic'), { acceptable, actual, where });
  });
});

describe('storingForbidden', () => {
  test('takes no-store in any case and among others', () => {
    for (const value of ['no-store', 'No-Store', 'private, no-store, max-age=0'])
      assertFits(forbiddenBy(value));
  });

  test('finds that it is missing', () => {
    const acceptable = ['cache-control: no-store'];
    assertMisfit(forbiddenBy('no-cache'), { acceptable, actual: 'cache-control: no-cache', where });
    assertMisfit(storingForbidden(answer({})), { acceptable, actual: 'no cache-control header', where });
  });
});

describe('untold', () => {
  test('takes an answer that has none of the texts', () => {
    assertFits(untold(answer({ error: 'no' }, { 'x-a': 'b' }), ['secret name']));
    assertFits(untold(answer({ error: 'no' }), []));
  });

  test('finds one in the body or in a header', () => {
    const misfit = { acceptable: ['an answer that tells nothing'], actual: '"my app" in it', where };
    assertMisfit(untold(answer({ a: ['my app'] }), ['x-ray', 'my app']), misfit);
    assertMisfit(untold(answer({}, { link: '</my app>' }), ['my app']), misfit);
  });
});

const asked = (status: number, body: unknown) => scopeAnswered({ ...answer(body), status });

describe('scopeAnswered', () => {
  test('takes a refusal as invalid_scope, and a token with the scope that it is for', () => {
    assertFits(asked(400, { error: 'invalid_scope' }));
    assertFits(asked(200, { access_token: 't', scope: 'calls' }));
    assertFits(asked(200, { access_token: 't', scope: '' }));
  });

  test('finds a token that does not tell, another error and another status', () => {
    const granted = asked(200, { access_token: 't' });
    assertMisfit(granted, {
      acceptable: ['{access_token, scope}, or 400 {error: "invalid_scope"}'],
      actual: /^scope: /,
      where,
    });
    const refused = asked(400, { error: 'invalid_request' });
    assertMisfit(refused, {
      acceptable: ['{error: "invalid_scope"}'],
      actual: '{error: "invalid_request"}',
      where,
    });
    assertMisfit(asked(500, {}), { acceptable: ['200', '400'], actual: '500', where });
  });
});

describe('tokenAsDocumented', () => {
  const documented = { access_token: 't', token_type: 'Bearer', expires_in: 3600 };
  const json = { 'content-type': 'application/json' };

  test('takes a bearer token in any case, any type parameter, and members that nobody knows', () => {
    for (const type of ['application/json', 'Application/JSON;charset=utf-8', 'application/json ; q=1'])
      assertFits(tokenAsDocumented(answer(documented, { 'content-type': type })));
    for (const more of [
      { token_type: 'bearer' },
      { token_type: 'BEARER' },
      { scope: 's' },
      { expires_in: 1e15 },
    ])
      assertFits(tokenAsDocumented(answer({ ...documented, ...more }, json)));
  });

  test('finds each member that is not as documented', () => {
    const acceptable = ['{access_token, token_type: "bearer", expires_in}'];
    for (const expires_in of [undefined, null, '3600', 3599.5, 0, -1])
      assertMisfit(tokenAsDocumented(answer({ ...documented, expires_in }, json)), {
        acceptable,
        actual: /^expires_in: /,
        where,
      });
    for (const token_type of [undefined, 'mac', 'bearer token'])
      assertMisfit(tokenAsDocumented(answer({ ...documented, token_type }, json)), {
        acceptable,
        actual: /^token_type: /,
        where,
      });
    for (const access_token of [undefined, '', 7])
      assertMisfit(tokenAsDocumented(answer({ ...documented, access_token }, json)), {
        acceptable,
        actual: /^access_token: /,
        where,
      });
  });

  test('finds another type', () => {
    for (const type of ['application/vnd.example+json', 'application/json-seq', 'text/plain'])
      assertMisfit(tokenAsDocumented(answer(documented, { 'content-type': type })), {
        acceptable: ['content-type: application/json'],
        actual: `content-type: ${type}`,
        where,
      });
  });
});

describe('tokenGiven', () => {
  test('takes a token in whatever success', () => {
    for (const status of [200, 201]) assertFits(tokenGiven({ ...answer({ access_token: 't' }), status }));
  });

  test('finds none', () => {
    const acceptable = ['a success with an access_token'];
    const bare = { ...answer({ expires_in: 1 }), status: 200 };
    assertMisfit(tokenGiven(bare), { acceptable, actual: '200 without an access_token', where });
    const refused = { ...answer({ access_token: 't' }), status: 400 };
    assertMisfit(tokenGiven(refused), { acceptable, actual: '400', where });
  });
});
