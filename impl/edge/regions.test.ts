import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { ipv4Number, formatIpv4Address } from '../net/ipv4.ts';
import { formatIpv4Prefix, maskOf, prefixHolds } from '../net/ipv4_prefix.ts';
import { regionLookup } from './regions.ts';

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

/** Few networks of every length, so that prefixes are adjacent, nested and listed twice. */
const prefix = fc
  .record({ base: fc.constantFrom(0, 0xcb007100, 0xcb0071ff, 0xffffffff, 0x80000000), length: fc.nat(32) })
  .map(({ base, length }) => {
    const mask = maskOf(length);
    return { network: (base & mask) >>> 0, mask };
  });
const table = fc.array(fc.record({ prefix, region: fc.constantFrom('US', 'EU', 'APAC') }), { maxLength: 12 });

test('a compiled table gives the same answers as a scan of the table', () => {
  fc.assert(
    fc.property(table, fc.array(fc.nat(0xffffffff)), (entries, addresses) => {
      const regionOf = regionLookup(
        entries.map((entry) => ({ ...entry, prefix: formatIpv4Prefix(entry.prefix) })),
      );
      const edges = entries.flatMap((entry) => {
        const last = (entry.prefix.network | ~entry.prefix.mask) >>> 0;
        return [entry.prefix.network, last, Math.max(0, entry.prefix.network - 1), (last + 1) >>> 0];
      });
      for (const source of [0, 0xffffffff, ...edges, ...addresses]) {
        const scanned = entries.find((entry) => prefixHolds(entry.prefix, source))?.region;
        assert.equal(regionOf(source), scanned, formatIpv4Address(source));
      }
    }),
  );
});

test('a look-up among ten thousand prefixes does not scan them', () => {
  const entries = Array.from({ length: 10_000 }, (_, i) => ({
    prefix: `${20 + (i >> 8)}.${i & 255}.0.0/16`,
    region: i % 2 === 0 ? 'US' : 'EU',
  }));
  const regionOf = regionLookup(entries);
  assert.equal(regionOf(ipv4Number('20.0.0.1')!), 'US');
  assert.equal(regionOf(ipv4Number('59.15.255.255')!), 'EU');
  assert.equal(regionOf(ipv4Number('59.16.0.0')!), undefined);
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

test('an IPv4 address has its number, and no other text has one', () => {
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
