import assert from 'node:assert/strict';
import { test } from 'node:test';

import { anonymousCustomer, strangerAddress, STRANGERS } from './addresses.ts';
import { insidePrefix } from './ipv4.ts';

test('anonymous customers have addresses of their own, clear of those that features name', () => {
  const addresses = Array.from({ length: 223 }, (_, index) => anonymousCustomer(4_294_967_295 + index));
  assert.equal(new Set(addresses).size, addresses.length);
  for (const address of addresses) {
    const [, last] = /^198\.51\.100\.(\d+)$/.exec(address) ?? [];
    assert.ok(Number(last) >= 32 && Number(last) <= 254, address);
  }
});

test('sixteen strangers have sixteen prefixes, all where floods come from', () => {
  const addresses = Array.from({ length: 16 * 254 }, (_, number) => strangerAddress(number));
  assert.equal(new Set(addresses).size, addresses.length);
  const prefixes = addresses.slice(160, 176).map((address) => address.split('.').slice(0, 3).join('.'));
  assert.equal(new Set(prefixes).size, 16);
  for (const address of addresses) assert.ok(insidePrefix(address, STRANGERS), address);
});
