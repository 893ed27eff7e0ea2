import assert from 'node:assert/strict';
import { test } from 'node:test';

import { anonymousCustomer } from './addresses.ts';

test('anonymous customers have addresses of their own, clear of those that features name', () => {
  const addresses = Array.from({ length: 223 }, (_, index) => anonymousCustomer(4_294_967_295 + index));
  assert.equal(new Set(addresses).size, addresses.length);
  for (const address of addresses) {
    const [, last] = /^198\.51\.100\.(\d+)$/.exec(address) ?? [];
    assert.ok(Number(last) >= 32 && Number(last) <= 254, address);
  }
});
