import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { formatIpv4Address } from '../store/ipv4_prefix.ts';
import { ipv4Number } from './ipv4.ts';
import { prefixHolds, regionLookup } from './regions.ts';

test('the first prefix that holds a source decides', () => {
  const regionOf = regionLookup([
    { prefix: '203.0.113.5/32', region: 'EU' },
    { prefix: '203.0.113.0/25', region: 'US' },
    { prefix: '203.0.113.0/24', region: 'EU' },
  ]);
  const region = (address: string): string | undefined => regionOf(ipv4Number(address)!);
  assert.deepEqual(
    ['203.0.113.4', '203.0.113.5', '203.0.113.127', '203.0.113.128', '203.0.114.0'].map(region),
    ['US', 'EU', 'US', 'EU', undefined],
  );
});

test('a malformed table is refused', () => {
  assert.throws(
    () => regionLookup([{ prefix: '203.0.113.1/24', region: 'US' }]),
    /203\.0\.113\.1\/24 has host bits/,
  );
});

test('0.0.0.0/0 holds every address, a /32 one (rule sip.ip.prefix-edges)', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), (address, other) => {
      assert.equal(prefixHolds({ network: 0, mask: 0 }, address), true);
      assert.equal(prefixHolds({ network: address, mask: 0xffffffff }, other), address === other);
    }),
  );
});

test('an address becomes its number and nothing else becomes one', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), (address) =>
      assert.equal(ipv4Number(formatIpv4Address(address)), address),
    ),
  );
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1..2.3',
    '.1.2.3',
    '1.2.3.',
    'a.b.c.d',
    '::1',
  ]) {
    assert.equal(ipv4Number(text), undefined, text);
  }
});
