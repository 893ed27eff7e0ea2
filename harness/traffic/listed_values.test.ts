import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { listedValues, uriIn } from './listed_values.ts';

describe('listedValues', () => {
  test('takes lines and lists apart, and no quoted or bracketed comma', () => {
    assert.deepEqual(listedValues(['<sip:a;lr>,<sip:b;lr>', ' "One, \\"two" <sip:c,d;lr>;x=1 , sip:e']), [
      '<sip:a;lr>',
      '<sip:b;lr>',
      '"One, \\"two" <sip:c,d;lr>;x=1',
      'sip:e',
    ]);
  });
});

describe('uriIn', () => {
  test('reads both forms', () => {
    assert.equal(uriIn('"<sip:no>, you" <sip:a@b;lr>;tag=1'), 'sip:a@b;lr');
    assert.equal(uriIn('sip:a@b;tag=1'), 'sip:a@b');
  });
});
