import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { loadRules } from '../harness/rules.ts';
import { UNCOVERED_SUITE, writeUncovered } from './allure_uncovered.ts';
import { conformanceOf } from './conformance.ts';

const folder = mkdtempSync(join(tmpdir(), 'uncovered-'));
after(() => rmSync(folder, { recursive: true }));

test('rules without a scenario are listed in one result per area, never as passed', () => {
  const metadata = {
    target: 'fixture',
    profile: 'documented',
    suiteVersion: '0.0.0',
    witnesses: 'two',
    seed: 1,
    startedAt: new Date(0),
    durationMs: 1,
    interrupted: false,
  } as const;
  const model = conformanceOf(
    { scenarios: [], errors: [], knownFailures: [], selected: 0 },
    loadRules(),
    metadata,
  );
  writeUncovered(model, folder);
  const results = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  assert.equal(results.length, new Set(model.rules.map(({ area }) => area)).size);
  const listed = results.map(({ description }) => description).join('\n');
  for (const { id } of model.rules) assert.ok(listed.includes(`**${id}**`), id);
  for (const { labels, status } of results) {
    assert.deepEqual(labels, [{ name: 'parentSuite', value: UNCOVERED_SUITE }]);
    assert.equal(status, undefined);
  }
});
