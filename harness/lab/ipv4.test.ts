import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { insidePrefix, ipv4Number, lastAddress } from './ipv4.ts';

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const dotted = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');

test('ipv4Number is the number of the four octets', () => {
  fc.assert(fc.property(uint32, (number) => assert.equal(ipv4Number(dotted(number)), number)));
});

test('ipv4Number is undefined for anything else', () => {
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.-4',
    '1.2.3.',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '::1',
    'a.b.c.d',
    '1.2.3.0x4',
  ])
    assert.equal(ipv4Number(text), undefined, text);
});

test('insidePrefix compares the bits that the prefix names, and no others', () => {
  fc.assert(
    fc.property(uint32, uint32, fc.integer({ min: 0, max: 32 }), (address, network, length) => {
      const bits = (number: number): string => number.toString(2).padStart(32, '0').slice(0, length);
      assert.equal(
        insidePrefix(dotted(address), `${dotted(network)}/${length}`),
        bits(address) === bits(network),
      );
      assert.ok(insidePrefix(dotted(address), `${dotted(address)}/${length}`));
    }),
  );
});

test('insidePrefix is false where the address or the prefix is invalid', () => {
  const wrong = ['1.2.3.4', '1.2.3.4/', '1.2.3.4/33', '1.2.3.4/-1', '1.2.3.4/x', '1.2.3/8', '', '/'];
  for (const prefix of wrong) assert.ok(!insidePrefix('1.2.3.4', prefix), prefix);
  for (const address of ['', '1.2.3', 'api.example', '::1'])
    assert.ok(!insidePrefix(address, '0.0.0.0/0'), address);
});

test('lastAddress is the highest address of the prefix', () => {
  assert.equal(lastAddress('198.18.67.32/28'), '198.18.67.47');
  assert.equal(lastAddress('198.19.64.0/20'), '198.19.79.255');
  assert.equal(lastAddress('198.18.67.53/32'), '198.18.67.53');
});
