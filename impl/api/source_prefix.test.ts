import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { formatIpv4Prefix } from '../net/ipv4_prefix.ts';
import type { FieldError } from './field_error.ts';
import { MAX_SOURCE_PREFIXES, SOURCE_CHECKS, sourcePrefixes } from './source_prefix.ts';

function errorsOf(texts: readonly string[]): FieldError[] {
  return SOURCE_CHECKS.flatMap(({ errors }) => errors(texts));
}

/** The list as it is written back, which must have passed. */
function taken(texts: readonly string[]): readonly string[] {
  assert.deepEqual(errorsOf(texts), []);
  return sourcePrefixes(texts).map(formatIpv4Prefix);
}

test('public prefixes and the documentation ranges are accepted', () => {
  const accepted = [
    '203.0.113.0/24',
    '198.51.100.5/32',
    '192.0.2.0/24',
    '0.0.0.0/0',
    '198.51.100.0/25',
    '8.0.0.0/7',
    // Special-purpose, yet globally reachable.
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
  assert.deepEqual(taken(accepted), accepted);
});

test('each refusal names its reason and the standard', () => {
  const refused: [string, string][] = [
    ['10.0.0.0/8', 'is not public: it shares addresses with 10.0.0.0/8, Private-Use (RFC 1918)'],
    ['172.16.0.0/12', 'is not public: it shares addresses with 172.16.0.0/12, Private-Use (RFC 1918)'],
    ['192.168.0.0/16', 'is not public: it shares addresses with 192.168.0.0/16, Private-Use (RFC 1918)'],
    [
      '127.0.0.0/8',
      'is not public: it shares addresses with 127.0.0.0/8, Loopback (RFC 1122, Section 3.2.1.3)',
    ],
    ['169.254.0.0/16', 'is not public: it shares addresses with 169.254.0.0/16, Link Local (RFC 3927)'],
    ['192.168.1.5/24', 'has host bits set: the network is 192.168.1.0/24'],
    ['::1/128', 'is IPv6, which is not supported'],
    ['192.168.7.0/24', 'is not public: it shares addresses with 192.168.0.0/16, Private-Use (RFC 1918)'],
    [
      '0.0.0.1/32',
      'is not public: it shares addresses with 0.0.0.0/8, "This network" (RFC 791, Section 3.2)',
    ],
    [
      '100.64.0.0/10',
      'is not public: it shares addresses with 100.64.0.0/10, Shared Address Space (RFC 6598)',
    ],
    // Globally reachable blocks in a range that is not. Nobody calls from an anycast address.
    [
      '192.0.0.9/32',
      'is not public: it shares addresses with 192.0.0.0/24, IETF Protocol Assignments (RFC 6890, Section 2.1)',
    ],
    [
      '192.88.99.0/24',
      'is not public: it shares addresses with 192.88.99.0/24, Deprecated (6to4 Relay Anycast) (RFC 7526)',
    ],
    ['198.18.67.33/32', 'is not public: it shares addresses with 198.18.0.0/15, Benchmarking (RFC 2544)'],
    ['224.0.0.0/4', 'is not public: it shares addresses with 224.0.0.0/4, Multicast (RFC 5771)'],
    [
      '255.255.255.255/32',
      'is not public: it shares addresses with 240.0.0.0/4, Reserved (RFC 1112, Section 4)',
    ],
    ['240.0.0.0/4', 'is not public: it shares addresses with 240.0.0.0/4, Reserved (RFC 1112, Section 4)'],
    ['0.0.0.0/1', 'is not public: it shares addresses with 0.0.0.0/8, "This network" (RFC 791, Section 3.2)'],
    ['172.0.0.0/8', 'is not public: it shares addresses with 172.16.0.0/12, Private-Use (RFC 1918)'],
    ['224.0.0.0/3', 'is not public: it shares addresses with 240.0.0.0/4, Reserved (RFC 1112, Section 4)'],
  ];
  for (const [text, reason] of refused)
    assert.deepEqual(errorsOf([text]), [{ field: 'allowedSourceIps[0]', reason: `${text} ${reason}` }]);
});

/** First and last address of each refused range, copied by hand from the registry. */
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

const number = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/**
 * A naive model that uses none of the code under test. The text must equal its own numbers printed again. A prefix
 * is a range of addresses, and ranges are compared by first and last address.
 */
function isAcceptable(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/');
  const octets = address.split('.');
  const numbers = [...octets, length].map((part) => Number.parseInt(part, 10));
  const [a = -1, b = -1, c = -1, d = -1, bits = -1] = numbers;
  if (octets.length !== 4 || more.length > 0 || `${a}.${b}.${c}.${d}/${bits}` !== text) return false;
  if ([a, b, c, d].some((octet) => octet < 0 || octet > 255) || bits < 0 || bits > 32) return false;
  const size = 2 ** (32 - bits);
  const first = number(address);
  if (first % size !== 0) return false;
  if (bits === 0) return true;
  const last = first + size - 1;
  return NON_PUBLIC.every(([from, to]) => last < number(from) || first > number(to));
}

const EDGES = NON_PUBLIC.flatMap(([from, to]) => [
  number(from) - 1,
  number(from),
  number(to),
  number(to) + 1,
]).filter((edge) => edge >= 0 && edge <= 0xffffffff);

const anyAddress = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(...EDGES));

/** Canonical prefixes of every length around every edge of a refused range. */
const canonical = fc
  .tuple(anyAddress, fc.integer({ min: 0, max: 32 }))
  .map(([address, bits]) => dotted(address - (address % 2 ** (32 - bits)), String(bits)));

/** Texts that are nearly prefixes: host bits, lengths and octets out of range, characters added or removed. */
const nearly = fc
  .tuple(
    canonical,
    fc.nat(),
    fc.constantFrom('', '0', '9', '.', '/', ' ', '-', '+', 'x', ':', '\u0660', '\n'),
  )
  .map(([text, at, put]) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + put + text.slice(put === '' ? cut + 1 : cut);
  });
const lengthText = fc.integer({ min: 0, max: 34 }).map(String);
const unmasked = fc.tuple(anyAddress, lengthText).map(([address, length]) => dotted(address, length));

function dotted(address: number, length: string): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join('.')}/${length}`;
}

test('a text is accepted if and only if the naive model accepts it, and is formatted back unchanged', () => {
  fc.assert(
    fc.property(fc.oneof(canonical, nearly, unmasked, fc.string()), (text) => {
      assert.equal(errorsOf([text]).length === 0, isAcceptable(text), JSON.stringify(text));
      if (isAcceptable(text)) assert.deepEqual(taken([text]), [text]);
    }),
    { numRuns: 5000 },
  );
});

const distinct = (count: number): string[] => Array.from({ length: count }, (_, i) => `203.0.113.${i}/32`);

test('25 entries are accepted, 26 are refused as a whole', () => {
  assert.equal(taken(distinct(MAX_SOURCE_PREFIXES)).length, 25);
  assert.deepEqual(errorsOf([...distinct(25), 'x']), [
    { field: 'allowedSourceIps', reason: 'has 26 entries, at most 25 are allowed' },
  ]);
});

test('every wrong entry is named by its index, and good entries keep their order', () => {
  assert.deepEqual(errorsOf(['203.0.113.0/24', '10.0.0.0/8', '198.51.100.5/32', '203.0.113.0/24', '']), [
    { field: 'allowedSourceIps[3]', reason: '203.0.113.0/24 is listed already, at index 0' },
    { field: 'allowedSourceIps[4]', reason: 'the entry is empty: write a prefix such as 203.0.113.0/24' },
    {
      field: 'allowedSourceIps[1]',
      reason: '10.0.0.0/8 is not public: it shares addresses with 10.0.0.0/8, Private-Use (RFC 1918)',
    },
  ]);
  const good = ['203.0.113.0/24', '198.51.100.5/32'];
  assert.deepEqual(taken(good), good);
});

test('a long entry is quoted shortened, and one that is no address is not quoted: it may be a secret', () => {
  const secrets = [
    'a\u0000b',
    'Zm9vYmFyYmF6cXV4',
    '0123456789abcdef',
    'a.jwt/0:x',
    '12345678',
    'cafe0123:babe4567',
  ];
  const refused = errorsOf(['1.'.repeat(2500), 'fd00::/8', ...secrets]);
  const [long, ipv6, ...others] = refused.map(({ reason }) => reason);
  assert.match(long ?? '', /^(1\.){20}… /);
  assert.match(ipv6 ?? '', /^fd00::\/8 is IPv6/);
  assert.equal(others.length, secrets.length);
  for (const reason of others) assert.match(reason, /^the entry /);
});
