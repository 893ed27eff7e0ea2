import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { IMPL_ROOMS, ROOMS, type Walls } from './walls.ts';

const ARCHITECTURE = readFileSync('docs/architecture.md', 'utf8');

/** The arrows of a table in docs/architecture.md: each row has a room and the rooms it may import from. */
function arrowsIn(heading: string): Walls {
  const [, after = ''] = ARCHITECTURE.split(`\n### ${heading}\n`);
  const [section = ''] = after.split('\n#');
  const rows = [...section.matchAll(/^\| `([^`]+)` +\| (.*?) +\|/gm)];
  return Object.fromEntries(
    rows.map(([, room = '', cell = '']) => [room, [...cell.matchAll(/`([^`]+)`/g)].map(([, to = '']) => to)]),
  );
}

test('docs/architecture.md and the linter allow the same arrows', () => {
  assert.deepEqual(arrowsIn('Between the rooms of the repository'), ROOMS);
  assert.deepEqual(arrowsIn('Between the rooms of the reference'), IMPL_ROOMS);
});
