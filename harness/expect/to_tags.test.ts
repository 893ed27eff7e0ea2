import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { tagsIn } from './to_tags.ts';

describe('the tags in a value of To', () => {
  const values: Readonly<Record<string, readonly string[]>> = {
    '<sip:a@b>': [],
    '<sip:a@b;tag=x>': [],
    '";tag=x" <sip:a@b>;tag=t': ['t'],
    'sip:a@b ; TAG = t': ['t'],
    '<sip:a@b>;x=">;tag=x";tag=t;y="\\";tag=z"': ['t'],
    '<sip:a@b>;tag=t;tag=u': ['t', 'u'],
    '<sip:a@b>;tagged=1;tag=': [''],
  };
  for (const [value, tags] of Object.entries(values)) {
    test(`${value}: ${tags.length}`, () => assert.deepEqual(tagsIn(value), tags));
  }
});
