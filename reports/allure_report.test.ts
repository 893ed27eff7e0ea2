import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, test } from 'node:test';

import { generateAllureReport } from './allure_report.ts';

const folder = mkdtempSync(join(tmpdir(), 'allure-'));
after(() => rmSync(folder, { recursive: true }));
const resultsDir = join(folder, 'results');
mkdirSync(resultsDir);
const result = {
  uuid: 'a',
  historyId: 'b',
  name: 'Challenged',
  status: 'passed',
  start: 1,
  stop: 2,
  labels: [],
};
writeFileSync(join(resultsDir, 'a-result.json'), JSON.stringify(result));

const { JAVA_HOME, PATH = '' } = process.env;
const hasJava =
  JAVA_HOME !== undefined || PATH.split(delimiter).some((part) => existsSync(join(part, 'java')));

/** A file inside a report of one page. */
function embedded(page: string, file: string): string {
  const [, base64 = ''] = new RegExp(`d\\('${file}','([^']*)'\\)`).exec(page) ?? assert.fail(`no ${file}`);
  return Buffer.from(base64, 'base64').toString('utf8');
}

/** The page with everything inside it that is in base64, scripts and styles above all. */
function withEmbedded(page: string): string {
  const inside = page.matchAll(/(?:base64,|d\('[^']*',')([\w+/=]+)/g);
  return [
    page,
    ...Array.from(inside, ([, base64 = '']) => Buffer.from(base64, 'base64').toString('latin1')),
  ].join('\n');
}

describe('generateAllureReport', () => {
  const options = { name: 'reference, documented', cacheDir: join(folder, 'cache') };

  test('says what to install where Java is missing', async () => {
    const report = await generateAllureReport(resultsDir, join(folder, 'none'), {
      ...options,
      environment: { PATH: folder },
    });
    assert.ok(!report.ok);
    assert.match(report.message, /^Java was not found: install a JRE .* JAVA_HOME$/);
  });

  test('says so where there are no results', async () => {
    const report = await generateAllureReport(join(folder, 'nowhere'), join(folder, 'none'), options);
    assert.ok(!report.ok);
    assert.match(report.message, /^no results in /);
  });

  test('says what Java said where it fails', async () => {
    const home = join(folder, 'home');
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin', 'java'), '#!/bin/sh\necho out of memory >&2\nexit 3\n', { mode: 0o755 });
    const report = await generateAllureReport(resultsDir, join(folder, 'none'), {
      ...options,
      environment: { JAVA_HOME: home },
    });
    assert.deepEqual(report, { ok: false, message: 'the Allure generator ended with 3: out of memory' });
  });

  test(
    'makes one page, goes on from the trend of the last one of its name, and starts from a class archive then',
    { skip: !hasJava && 'there is no Java' },
    async () => {
      const reportDir = join(folder, 'report');
      const pages: string[] = [];
      for (const name of ['reference, documented', 'reference, documented', 'other, documented']) {
        const report = await generateAllureReport(resultsDir, reportDir, { ...options, name });
        assert.deepEqual(report, { ok: true, path: join(reportDir, 'index.html') });
        rmSync(join(resultsDir, 'history'), { recursive: true, force: true });
        pages.push(readFileSync(join(reportDir, 'index.html'), 'latin1'));
      }
      assert.deepEqual(readdirSync(reportDir), ['index.html']);
      const trends = pages.map((page): unknown => JSON.parse(embedded(page, 'widgets/history-trend.json')));
      assert.deepEqual(
        trends.map((trend) => Array.isArray(trend) && trend.length),
        [1, 2, 1],
      );
      assert.equal(
        readdirSync(options.cacheDir).filter((file) => /^allure-[\da-f]{16}\.jsa$/.test(file)).length,
        1,
      );
      assert.match(embedded(pages[0] ?? '', 'data/behaviors.json'), /Challenged/);
    },
  );

  test(
    'makes a page that asks no host for anything, of analytics least of all',
    { skip: !hasJava && 'there is no Java' },
    async () => {
      delete process.env['ALLURE_NO_ANALYTICS'];
      const report = await generateAllureReport(resultsDir, join(folder, 'quiet'), options);
      assert.ok(report.ok);
      const page = readFileSync(report.path, 'latin1');
      const loaded = Array.from(page.matchAll(/<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]{0,80})/g));
      assert.ok(loaded.length > 1);
      assert.deepEqual(
        loaded.map(([, from = '']) => from).filter((from) => !from.startsWith('data:')),
        [],
      );
      const text = withEmbedded(page);
      assert.ok(text.length > page.length * 1.5, 'nothing was found inside the page');
      assert.deepEqual(text.match(/googletagmanager|google-analytics|\bgtag\b/g), null);
    },
  );
});
