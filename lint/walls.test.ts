import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';

import { IMPL_ROOMS, ROOMS, wallOverrides, type Walls } from './walls.ts';

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

/** How many of these imports the linter refuses in that file. */
function refusals(file: string, ...imports: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'walls-'));
  try {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ overrides: wallOverrides() }));
    writeFileSync(join(folder, file), imports.map((from) => `import '${from}';\n`).join(''));
    const program = resolve('node_modules/.bin/oxlint');
    const { stdout } = spawnSync(program, ['--format=json', file], { cwd: folder, encoding: 'utf8' });
    return stdout.split('eslint(no-restricted-imports)').length - 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the linter refuses what crosses a wall, and nothing else', () => {
  assert.equal(refusals('impl/edge/a.ts', '../api/server.ts', '../config/config.ts', '../system.ts'), 3);
  assert.equal(refusals('impl/edge/a.ts', '../sip/endpoint.ts', '../store/store.ts', './policy.ts'), 0);
  assert.equal(refusals('impl/config/a.ts', '../api/server.ts'), 1);
  assert.equal(refusals('impl/config/a.ts', '../api/settings.ts'), 0);
  assert.equal(refusals('impl/edge/a.ts', '../testing/loopback_edge.ts', '../../harness/verdict.ts'), 2);
  assert.equal(refusals('impl/edge/a.test.ts', '../testing/loopback_edge.ts'), 0);
  assert.equal(refusals('reports/a.ts', '../impl/system.ts', '../harness/verdict.ts'), 1);
  assert.equal(refusals('commands/start/a.ts', '../testing/command_run.ts', '../../impl/system.ts'), 1);
});
