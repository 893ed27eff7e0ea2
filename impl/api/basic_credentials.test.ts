import assert from 'node:assert/strict';
import { test } from 'node:test';

import { basicCredentials } from './basic_credentials.ts';

const encoded = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('user and password come apart at the first colon, form-decoded', () => {
  assert.deepEqual(basicCredentials(encoded('id:secret')), { user: 'id', password: 'secret' });
  assert.deepEqual(basicCredentials(encoded('id:a:b')), { user: 'id', password: 'a:b' });
  assert.deepEqual(basicCredentials(encoded('an%20id:a%3Ab+c')), { user: 'an id', password: 'a:b c' });
  assert.deepEqual(basicCredentials(encoded('id:100%')), { user: 'id', password: '100%' });
  assert.deepEqual(basicCredentials(encoded(':').replace('Basic', 'bAsIc')), { user: '', password: '' });
});

test('anything else is no credentials', () => {
  for (const header of [
    undefined,
    '',
    'Basic',
    'Basic ',
    encoded('no colon'),
    'Bearer abc',
    'Basic a b',
    'Basic §',
  ]) {
    assert.equal(basicCredentials(header), undefined, header);
  }
});
