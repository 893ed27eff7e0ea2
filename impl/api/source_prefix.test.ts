import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { formatIpv4Prefix, maskOf } from '../store/ipv4_prefix.ts';
import { MAX_SOURCE_PREFIXES, parseSourcePrefix, parseSourcePrefixes } from './source_prefix.ts';

test('public prefixes and the documentation ranges are accepted', () => {
  const accepted = [
    '203.0.113.0/24',
    '198.51.100.5/32',
    '192.0.2.0/24',
    '0.0.0.0/0',
    '198.51.100.0/25',
    '8.0.0.0/7',
    // Special, and globally reachable.
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.175.48.0/24',
    // Next to a special range.
    '11.0.0.0/8',
    '100.128.0.0/9',
    '126.0.0.0/8',
    '169.255.0.0/16',
    '172.32.0.0/11',
    '192.0.1.0/24',
    '198.20.0.0/14',
    '223.255.255.255/32',
  ];
  for (const text of accepted) {
    const parsed = parseSourcePrefix(text);
    assert.ok(!('reason' in parsed), `${text} ${JSON.stringify(parsed)}`);
    assert.equal(formatIpv4Prefix(parsed), text);
  }
});

test('each refusal names its reason and the standard', () => {
  const refused: [string, string][] = [
    ['10.0.0.0/8', 'is private address space (RFC 1918)'],
    ['172.16.0.0/12', 'is private address space (RFC 1918)'],
    ['192.168.0.0/16', 'is private address space (RFC 1918)'],
    ['127.0.0.0/8', 'is loopback (RFC 1122 section 3.2.1.3)'],
    ['169.254.0.0/16', 'is link-local (RFC 3927)'],
    ['192.168.1.5/24', 'has host bits set: the network is 192.168.1.0/24'],
    ['::1/128', 'is IPv6, which is not supported'],
    ['192.168.7.0/24', 'is in 192.168.0.0/16, which is private address space (RFC 1918)'],
    ['0.0.0.0/32', 'is in 0.0.0.0/8, which is "this network" (RFC 791 section 3.2)'],
    ['100.64.0.0/10', 'is shared address space of carrier-grade NAT (RFC 6598)'],
    [
      '192.0.0.9/32',
      'is in 192.0.0.0/24, which is reserved for IETF protocol assignments (RFC 6890 section 2.1)',
    ],
    ['192.88.99.0/24', 'is the deprecated 6to4 relay anycast range (RFC 7526)'],
    ['198.18.67.33/32', 'is in 198.18.0.0/15, which is reserved for benchmarking (RFC 2544)'],
    ['224.0.0.0/4', 'is multicast (RFC 5771)'],
    ['255.255.255.255/32', 'is the limited broadcast address (RFC 919 section 7)'],
    ['240.0.0.0/4', 'is reserved for future use (RFC 1112 section 4)'],
    ['0.0.0.0/1', 'overlaps 0.0.0.0/8, which is "this network" (RFC 791 section 3.2)'],
    ['128.0.0.0/1', 'overlaps 169.254.0.0/16, which is link-local (RFC 3927)'],
    ['172.0.0.0/8', 'overlaps 172.16.0.0/12, which is private address space (RFC 1918)'],
  ];
  for (const [text, reason] of refused) assert.deepEqual(parseSourcePrefix(text), { reason }, text);
});

/** First and last address of what may be no source, written out by hand from the registry. */
const NON_PUBLIC: readonly [string, string][] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['224.0.0.0', '255.255.255.255'],
];

const number = (dotted: string): number =>
  dotted.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** The naive model: ranges of addresses and plain arithmetic. */
function isAcceptable(network: number, bits: number): boolean {
  if (bits === 0) return true;
  const last = network + 2 ** (32 - bits) - 1;
  return NON_PUBLIC.every(([from, to]) => last < number(from) || network > number(to));
}

test('a prefix is accepted exactly where the naive model accepts it', () => {
  const edges = NON_PUBLIC.flatMap(([from, to]) => [
    number(from) - 1,
    number(from),
    number(to),
    number(to) + 1,
  ]);
  const address = fc.oneof(
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.constantFrom(...edges.filter((edge) => edge >= 0 && edge <= 0xffffffff)),
  );
  fc.assert(
    fc.property(address, fc.integer({ min: 0, max: 32 }), (from, bits) => {
      const prefix = { network: (from & maskOf(bits)) >>> 0, mask: maskOf(bits) };
      const parsed = parseSourcePrefix(formatIpv4Prefix(prefix));
      assert.equal(!('reason' in parsed), isAcceptable(prefix.network, bits), formatIpv4Prefix(prefix));
    }),
    { numRuns: 2000 },
  );
});

const distinct = (count: number): string[] => Array.from({ length: count }, (_, i) => `203.0.113.${i}/32`);

test('25 entries are accepted, 26 refused as a whole', () => {
  const most = parseSourcePrefixes(distinct(MAX_SOURCE_PREFIXES));
  assert.ok('prefixes' in most);
  assert.equal(most.prefixes.length, 25);
  assert.deepEqual(parseSourcePrefixes(distinct(26)), {
    errors: [{ field: 'allowedSourceIps', reason: 'has 26 entries, at most 25 are allowed' }],
  });
});

test('every offending entry is named by its index, and the order of good ones is kept', () => {
  assert.deepEqual(
    parseSourcePrefixes(['203.0.113.0/24', '10.0.0.0/8', '198.51.100.5/32', '203.0.113.0/24', '']),
    {
      errors: [
        { field: 'allowedSourceIps[1]', reason: '10.0.0.0/8 is private address space (RFC 1918)' },
        { field: 'allowedSourceIps[3]', reason: '203.0.113.0/24 is listed already, at index 0' },
        { field: 'allowedSourceIps[4]', reason: '"" is empty: write a prefix such as 203.0.113.0/24' },
      ],
    },
  );
  const good = ['203.0.113.0/24', '198.51.100.5/32'];
  const parsed = parseSourcePrefixes(good);
  assert.ok('prefixes' in parsed);
  assert.deepEqual(parsed.prefixes.map(formatIpv4Prefix), good);
});

test('a long or odd entry is quoted short and escaped', () => {
  const parsed = parseSourcePrefixes(['x'.repeat(5000), 'a\u0000b']);
  assert.ok('errors' in parsed);
  const [long, odd] = parsed.errors.map(({ reason }) => reason);
  assert.ok(long !== undefined && long.length < 150);
  assert.match(odd ?? '', /^"a\\u0000b"/);
});
