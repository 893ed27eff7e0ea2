import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { TargetLog } from './log.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-log-'));
after(() => rmSync(folder, { recursive: true }));

test('gives what was written up to the mark, as soon as its line is whole', async () => {
  const file = join(folder, 'whole.log');
  writeFileSync(file, 'one\ntwo of MARK');
  const lines = new TargetLog(file).linesOnceMarked('MARK', 10_000);
  appendFileSync(file, ' is whole\nthree');
  assert.deepEqual(await lines, ['one', 'two of MARK is whole']);
});

test('says so where the mark does not come', async () => {
  const file = join(folder, 'without.log');
  writeFileSync(file, 'one\nMARK');
  assert.equal(await new TargetLog(file).linesOnceMarked('MARK', 50), undefined);
});
