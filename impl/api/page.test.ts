import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageBody, pageQuerySchema } from './page.ts';

function rels(page: number, size: number, total: number): Record<string, string> {
  const { links } = pageBody({ path: '/list', page, size, total, items: [] });
  return Object.fromEntries(links.map(({ rel, href }) => [rel, href]));
}

const href = (page: number): string => `/list?page=${page}&size=10`;

test('links lead only to pages that exist', () => {
  assert.deepEqual(rels(1, 10, 0), { self: href(1), first: href(1), last: href(1) });
  assert.deepEqual(rels(1, 10, 11), { self: href(1), first: href(1), last: href(2), next: href(2) });
  assert.deepEqual(rels(2, 10, 20), { self: href(2), first: href(1), last: href(2), prev: href(1) });
  assert.deepEqual(rels(9, 10, 20), { self: href(9), first: href(1), last: href(2), prev: href(2) });
});

test('counts cover the whole list', () => {
  const { page } = pageBody({ path: '/list', page: 2, size: 10, total: 21, items: [1] });
  assert.deepEqual(page, { pageSize: 10, totalElements: 21, totalPages: 3, pageNumber: 2 });
});

test('page and size are whole numbers within their limits', () => {
  assert.deepEqual(pageQuerySchema.parse({}), { page: 1, size: 100 });
  assert.deepEqual(pageQuerySchema.parse({ page: '3', size: '1000' }), { page: 3, size: 1000 });
  for (const size of ['0', '-1', '1001', '1e2', '', ' 5', '01', '1.5', 'x']) {
    assert.equal(pageQuerySchema.safeParse({ size }).success, false, size);
  }
});
