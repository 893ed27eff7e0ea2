import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';

import { scenarioResult } from './fixtures/results.ts';
import { RunTicker } from './run_ticker.ts';

/** An output that keeps what it is given. */
class Page {
  readonly written: string[] = [];
  readonly isTTY: boolean;
  readonly columns = 40;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.written.push(text);
  }
}

const SELECTED = new Map([
  ['features/sip/challenge.feature', 2],
  ['features/dns/a.feature', 1],
]);

describe('RunTicker', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }));
  afterEach(() => mock.timers.reset());

  test('overwrites one line, at most ten times per second, no wider than the terminal', () => {
    const page = new Page(true);
    const ticker = new RunTicker(page, SELECTED, {});
    for (let at = 0; at < 50; at += 1) ticker.began(`sip.challenge.${at}`);
    mock.timers.tick(99);
    assert.deepEqual(page.written.splice(0), []);
    mock.timers.tick(1);
    assert.deepEqual(page.written.splice(0), ['\r\u001B[2K0/3  sip.challenge.49']);
    mock.timers.tick(1_000);
    assert.deepEqual(page.written.splice(0), [], 'nothing new, nothing drawn');
    ticker.began('sip.'.padEnd(80, 'x'));
    mock.timers.tick(100);
    assert.deepEqual(page.written.splice(0), [`\r\u001B[2K0/3  ${'sip.'.padEnd(34, 'x')}`]);
    ticker.close();
    assert.deepEqual(page.written.splice(0), ['\r\u001B[2K']);
    mock.timers.tick(1_000);
    assert.deepEqual(page.written, []);
  });

  test('turns red with the first failure, but not with NO_COLOR', () => {
    for (const [environment, expected] of [
      [{}, '\r\u001B[2K\u001B[31m1/3, 1 failed  \u001B[39m'],
      [{ NO_COLOR: '1' }, '\r\u001B[2K1/3, 1 failed  '],
    ] as const) {
      const page = new Page(true);
      const ticker = new RunTicker(page, SELECTED, environment);
      ticker.ended(scenarioResult({ verdict: 'failed' }));
      mock.timers.tick(100);
      assert.deepEqual(page.written, [expected]);
      ticker.close();
    }
  });

  test('does not turn red with a known failure, and counts it apart', () => {
    const page = new Page(true);
    const ticker = new RunTicker(page, SELECTED, {});
    ticker.ended(scenarioResult({ verdict: 'failed', knownFailure: 'ticket 7' }));
    mock.timers.tick(100);
    assert.deepEqual(page.written, ['\r\u001B[2K1/3, 1 known to fail  ']);
    ticker.close();
  });

  test('says without a terminal when a feature is done, and every five silent seconds', () => {
    const page = new Page(false);
    const ticker = new RunTicker(page, SELECTED, {});
    ticker.began('sip.challenge');
    ticker.ended(scenarioResult());
    mock.timers.tick(4_999);
    assert.deepEqual(page.written.splice(0), []);
    mock.timers.tick(1);
    assert.deepEqual(page.written.splice(0), ['1/3  running sip.challenge\n']);
    ticker.ended(scenarioResult({ verdict: 'error' }));
    assert.deepEqual(page.written.splice(0), [
      '2/3, 1 error  features/sip/challenge.feature: 1 passed, 1 error\n',
    ]);
    ticker.close();
    mock.timers.tick(20_000);
    assert.deepEqual(page.written, []);
  });
});
