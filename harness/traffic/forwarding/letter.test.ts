import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PLAIN, written } from './letter.ts';

const LETTER = {
  startLine: 'INFO sip:a@b SIP/2.0',
  fields: [
    ['Via', 'v'],
    ['Unknown', 'u'],
  ],
  body: { type: 'text/plain', octets: '\xFF\0' },
} as const;

test('a letter is written with its length', () => {
  assert.equal(
    written(LETTER, PLAIN),
    'INFO sip:a@b SIP/2.0\r\nVia: v\r\nUnknown: u\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n\xFF\0',
  );
});

test('a letter may leave its length out', () => {
  const text = written({ ...LETTER, body: undefined, isLengthUnsaid: true }, PLAIN);
  assert.equal(text, 'INFO sip:a@b SIP/2.0\r\nVia: v\r\nUnknown: u\r\n\r\n');
});

test('its names are written in their compact form or in odd case, with blanks at the colons', () => {
  assert.equal(
    written({ ...LETTER, body: undefined }, { names: 'compact names', blanks: 'no blank at colons' }),
    'INFO sip:a@b SIP/2.0\r\nv:v\r\nUnknown:u\r\nl:0\r\n\r\n',
  );
  assert.equal(
    written({ ...LETTER, body: undefined }, { names: 'names in odd case', blanks: 'blanks around colons' }),
    'INFO sip:a@b SIP/2.0\r\nvIa \t : \tv\r\nuNkNoWn \t : \tu\r\ncOnTeNt-lEnGtH \t : \t0\r\n\r\n',
  );
});
