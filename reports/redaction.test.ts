import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { presentableIn, withoutSecrets } from './redaction.ts';

describe('withoutSecrets', () => {
  const shapes: readonly [string, (secret: string) => string][] = [
    ['a bearer token', (secret) => `Authorization: Bearer ${secret}\r\nHost: api.example`],
    ['a token in prose', (secret) => `refused with Bearer 0${secret}, status 401`],
    ['basic credentials', (secret) => `authorization: basic ${secret}==`],
    ['a token in JSON', (secret) => `{"access_token": "${secret}", "expires_in": 3600}`],
    ['a one-time password in JSON', (secret) => `{"data":{"sipAuthPassword":"${secret}"}}`],
    ['a hash in XML', (secret) => `<SipCredential><Hash1b>${secret}</Hash1b></SipCredential>`],
    ['a secret in a form', (secret) => `grant_type=client_credentials&client_secret=${secret}`],
  ];

  for (const [what, shape] of shapes)
    test(`masks ${what}, and nothing beside it`, () => {
      fc.assert(
        fc.property(fc.stringMatching(/^[\dA-Za-z]{8,40}$/), (secret) => {
          assert.equal(withoutSecrets(shape(secret)), shape('SECRET-00').replace(/0?SECRET-00=*/, '•••'));
        }),
      );
    });

  test('masks a JSON string to its end, over escaped quotes', () =>
    assert.equal(withoutSecrets(String.raw`{"password":"a\"b","x":1}`), '{"password":"•••","x":1}'));

  test('leaves a challenge, a digest and prose as they are', () => {
    for (const plain of [
      'WWW-Authenticate: Basic realm="api"\r\ngrant_type=client_credentials',
      'Proxy-Authorization: Digest username="1", realm="api", response="0123"',
      'a call without a bearer token, or with Basic authentication, gets 401',
    ])
      assert.equal(withoutSecrets(plain), plain);
  });
});

describe('presentableIn', () => {
  test('makes paths and file URLs relative to the folder', () =>
    assert.equal(
      presentableIn('/a/b')('at /a/b/c.ts and file:///a/b/d.ts:1:2, /a/bc'),
      'at c.ts and d.ts:1:2, /a/bc',
    ));
});
