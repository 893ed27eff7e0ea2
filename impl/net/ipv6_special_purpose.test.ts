import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nonPublicIpv6Range } from './ipv6_special_purpose.ts';

test('the edges of each range are in it, and their neighbours are not', () => {
  const edges: [inside: string, outside: string][] = [
    ['::1', '1::'],
    ['::ffff:255.255.255.255', '::1:0:0:0'],
    ['64:ff9b:1:ffff:ffff:ffff:ffff:ffff', '64:ff9b:2::'],
    ['100::ffff', '101::'],
    ['2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::'],
    ['2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::'],
    ['5f00:ffff::', '5f01::'],
    ['fc00::', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe00::'],
    ['fe80::', 'fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe00::1'],
    ['ff00::', '2606:4700::1111'],
  ];
  for (const [inside, outside] of edges) {
    assert.ok(nonPublicIpv6Range(inside), inside);
    assert.equal(nonPublicIpv6Range(outside), undefined, outside);
  }
});

test('the documentation ranges are taken, as those of IPv4 are', () => {
  for (const address of ['2001:db8::1', '3fff::1']) assert.equal(nonPublicIpv6Range(address), undefined);
});

test('of nested ranges the narrower gives the name', () => {
  assert.equal(nonPublicIpv6Range('::1')?.name, 'Loopback Address');
  assert.equal(nonPublicIpv6Range('2001:2::1')?.name, 'Benchmarking');
  assert.equal(nonPublicIpv6Range('2001:5::1')?.name, 'IETF Protocol Assignments');
});
