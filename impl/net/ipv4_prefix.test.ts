import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { formatIpv4Address } from './ipv4.ts';
import { formatIpv4Prefix, lengthOf, maskOf, parseIpv4Prefix, prefixesOverlap } from './ipv4_prefix.ts';

const address = fc.integer({ min: 0, max: 0xffffffff });
const length = fc.integer({ min: 0, max: 32 });
const prefix = fc
  .tuple(address, length)
  .map(([from, bits]) => ({ network: (from & maskOf(bits)) >>> 0, mask: maskOf(bits) }));

/** First and last address, by arithmetic without bit operations. */
function rangeOf(network: number, bits: number): [number, number] {
  const size = 2 ** (32 - bits);
  return [network, network + size - 1];
}

test('a formatted prefix parses to the same prefix', () => {
  fc.assert(fc.property(prefix, (p) => assert.deepEqual(parseIpv4Prefix(formatIpv4Prefix(p)), p)));
});

test('maskOf and lengthOf are inverse', () => {
  for (let bits = 0; bits <= 32; bits++) assert.equal(lengthOf(maskOf(bits)), bits);
  assert.equal(maskOf(0), 0);
  assert.equal(maskOf(24), 0xffffff00);
  assert.equal(maskOf(32), 0xffffffff);
});

test('an address with a length is a prefix if and only if it has no host bits', () => {
  fc.assert(
    fc.property(address, length, (from, bits) => {
      const parsed = parseIpv4Prefix(`${formatIpv4Address(from)}/${bits}`);
      const isNetwork = from % 2 ** (32 - bits) === 0;
      assert.equal('reason' in parsed, !isNetwork);
      if ('reason' in parsed) assert.match(parsed.reason, /host bits/);
    }),
  );
});

test('prefixes overlap as their address ranges do', () => {
  // Two prefixes of nearby addresses: distant ones hardly ever overlap.
  const near = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 22, max: 32 }))
    .map(([n, bits]) => ({
      bits,
      p: { network: ((0xcb007100 + n) & maskOf(bits)) >>> 0, mask: maskOf(bits) },
    }));
  fc.assert(
    fc.property(near, near, (a, b) => {
      const [aFirst, aLast] = rangeOf(a.p.network, a.bits);
      const [bFirst, bLast] = rangeOf(b.p.network, b.bits);
      assert.equal(prefixesOverlap(a.p, b.p), aFirst <= bLast && bFirst <= aLast);
    }),
  );
});

test('every other form is refused with a reason', () => {
  const refused: [string, RegExp][] = [
    ['', /empty/],
    ['203.0.113.0', /no prefix length/],
    ['203.0.113.0/', /no decimal prefix length/],
    ['203.0.113.0/x', /no decimal prefix length/],
    ['203.0.113.0/-1', /no decimal prefix length/],
    ['203.0.113.0/24/24', /no decimal prefix length/],
    ['203.0.113.0/255.255.255.0', /no decimal prefix length/],
    ['203.0.113.0/024', /leading zero/],
    ['203.0.113.0/33', /over 32/],
    ['203.0.113.256/32', /octet over 255/],
    ['99999999999999999999.0.0.0/8', /octet over 255/],
    ['203.0.113.01/32', /octet with a leading zero/],
    ['0313.0.113.0/24', /octet with a leading zero/],
    ['0xcb.0.113.0/24', /four decimal octets/],
    ['3405803776/24', /four decimal octets/],
    ['203.0.113/24', /four decimal octets/],
    ['203.0.113.0.0/24', /four decimal octets/],
    ['/24', /four decimal octets/],
    ['٢٠٣.0.113.0/24', /four decimal octets/],
    [' 203.0.113.0/24', /blanks/],
    ['203.0.113.0/24\n', /blanks/],
    ['203.0.113.0 /24', /blanks/],
    ['::1/128', /IPv6/],
    ['::ffff:203.0.113.5/128', /IPv6/],
    ['2001:db8::/32', /IPv6/],
    ['192.168.1.5/24', /host bits set: the network is 192\.168\.1\.0\/24/],
    ['203.0.113.0/0', /host bits set: the network is 0\.0\.0\.0\/0/],
  ];
  for (const [text, reason] of refused) {
    const parsed = parseIpv4Prefix(text);
    assert.ok('reason' in parsed, `${JSON.stringify(text)} was read as ${JSON.stringify(parsed)}`);
    assert.match(parsed.reason, reason, JSON.stringify(text));
  }
});

test('no text makes it throw, and an accepted text is formatted back unchanged', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'0123456789./: x'.split('')) }),
    prefix.map(formatIpv4Prefix),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseIpv4Prefix(text);
      if (!('reason' in parsed)) assert.equal(formatIpv4Prefix(parsed), text);
    }),
  );
});
