import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { emptyReport, type MutantReport } from './job.ts';
import { KeptSurveys } from './kept_surveys.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-surveys-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'survey.json');
const feature = join(folder, 'calls.feature');

function keep(survey: MutantReport): void {
  const surveys = new KeptSurveys(path);
  surveys.add(survey);
  surveys.save();
}

test('a survey is kept as long as its feature and the code are the same', () => {
  writeFileSync(feature, 'Feature: calls');
  assert.equal(new KeptSurveys(path).of(feature), undefined);
  const survey = emptyReport(feature, 1);
  keep(survey);
  assert.deepEqual(new KeptSurveys(path).of(feature), survey);

  writeFileSync(feature, 'Feature: other calls');
  assert.equal(new KeptSurveys(path).of(feature), undefined);

  keep(survey);
  const kept = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...kept, grounds: 'of other code' }));
  assert.equal(new KeptSurveys(path).of(feature), undefined);
});
