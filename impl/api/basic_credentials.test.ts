import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assert as assertProperty, property, string, stringMatching } from 'fast-check';

import { basicCredentials } from './basic_credentials.ts';

/** RFC 6749 appendix B. */
const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
const encoded = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('user and password are split at the first colon and form-decoded', () => {
  assert.deepEqual(basicCredentials(encoded('id:secret')), { user: 'id', password: 'secret' });
  assert.deepEqual(basicCredentials(encoded('id:a:b')), { user: 'id', password: 'a:b' });
  assert.deepEqual(basicCredentials(encoded('an%20id:a%3Ab+c')), { user: 'an id', password: 'a:b c' });
  assert.deepEqual(basicCredentials(encoded('no colon')), { user: 'no colon', password: '' });
  assert.deepEqual(basicCredentials(encoded('id:100%')), { user: 'id', password: '100%' });
  assert.deepEqual(basicCredentials(encoded(':').replace('Basic', 'bAsIc')), { user: '', password: '' });
});

test('any other header gives no credentials', () => {
  for (const header of [undefined, '', 'Basic', 'Basic ', 'Bearer abc', 'Basic a b', 'Basic §']) {
    assert.equal(basicCredentials(header), undefined, header);
  }
});

/** Every octet of an ASCII text percent-encoded. */
const everyOctet = (text: string): string => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');
const UNRESERVED = stringMatching(/^[A-Za-z0-9._~-]{0,40}$/);

test('unreserved characters decode alike plain, form-encoded and with every octet percent-encoded', () => {
  assertProperty(
    property(UNRESERVED, UNRESERVED, (user, password) => {
      for (const encode of [String, formEncoded, everyOctet]) {
        const header = encoded(`${encode(user)}:${encode(password)}`);
        assert.deepEqual(basicCredentials(header), { user, password });
      }
    }),
  );
});

test('any form-encoded text is decoded to the original', () => {
  const text = string({ unit: 'binary' });
  assertProperty(
    property(text, text, (user, password) => {
      const header = encoded(`${formEncoded(user)}:${formEncoded(password)}`);
      assert.deepEqual(basicCredentials(header), { user, password });
    }),
  );
});
