import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseNameAddr, parseNameAddrs, withoutFirstValue } from './name_addr.ts';

test('URI and tag are read from every form (RFC 3261 20.10, 20.20)', () => {
  for (const [text, uri, tag] of [
    ['<sip:a@example.com>;tag=1', 'sip:a@example.com', '1'],
    ['sip:a@example.com;tag=1', 'sip:a@example.com', '1'],
    ['"A <x>, \\" B" <sip:a@example.com>;p="tag=0;";TAG=1', 'sip:a@example.com', '1'],
    ['A B<sip:a@example.com;tag=uri>', 'sip:a@example.com;tag=uri', undefined],
    ['<sip:a@example.com>\r\n ; tag\t=\r\n 1', 'sip:a@example.com', '1'],
    ['<http://www.example.com>', 'http://www.example.com', undefined],
  ] as const) {
    const value = parseNameAddr(text);
    assert.deepEqual([value?.uriText, value?.tag], [uri, tag], text);
  }
});

for (const text of [
  '',
  '"open <sip:a@example.com>',
  'Bell, Alexander <sip:a@example.com>',
  '< sip:a@example.com >',
  '<sip:a@example.com',
  '<>',
  '<sip:a@example.com>;tag=',
  '<sip:a@example.com>;tag=1;tag=2',
  '<sip:a@example.com>;;tag=1',
  '<sip:a@example.com> rest',
  '"quoted"',
]) {
  test(`${JSON.stringify(text)} is malformed`, () => assert.equal(parseNameAddr(text), undefined));
}

test('comma-joined values are split, and the first can be removed', () => {
  const text = '<sip:a,b@example.com;lr> , "x, y" <sip:c@example.com>';
  assert.deepEqual(
    parseNameAddrs(text)?.map(({ uriText }) => uriText),
    ['sip:a,b@example.com;lr', 'sip:c@example.com'],
  );
  assert.equal(withoutFirstValue(text), '"x, y" <sip:c@example.com>');
  assert.equal(withoutFirstValue('<sip:a@example.com;lr>'), '');
});
