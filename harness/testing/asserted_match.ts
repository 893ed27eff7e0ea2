import assert from 'node:assert/strict';

import type { Match } from '../expect/match.ts';

/** Assertions about a match, for tests of matchers. */

interface Misfit {
  readonly acceptable: string | readonly string[];
  readonly actual: string | RegExp;
  readonly where?: string | RegExp;
}

export function assertFits(match: Match): void {
  assert.deepEqual(match, { ok: true });
}

export function assertMisfit(match: Match, { acceptable, actual, where }: Misfit): void {
  assert.ok(!match.ok, 'it fits');
  assert.deepEqual(match.acceptable, typeof acceptable === 'string' ? [acceptable] : acceptable);
  assertLike(match.actual, actual);
  if (where !== undefined) assertLike(match.where ?? 'nowhere', where);
}

function assertLike(text: string, wanted: string | RegExp): void {
  if (typeof wanted === 'string') assert.equal(text, wanted);
  else assert.match(text, wanted);
}
