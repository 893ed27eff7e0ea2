import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';

import type { LabReport } from '../testing/namespace_probe.ts';
import { interfaceLeadingOut } from './guard.ts';
import { insideLab, raiseLab, wayIntoLab } from './namespace.ts';

const LAUNCHER = new URL('../testing/namespace_launcher.ts', import.meta.url).pathname;
const found = wayIntoLab();
const skip = 'reason' in found ? found.reason : false;

async function labReport(): Promise<LabReport> {
  const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, 'report']);
  const report: LabReport = JSON.parse(stdout);
  return report;
}

/** A launcher whose probe waits inside the lab for the interrupt. */
async function waiting(exitCode: number): Promise<ChildProcess> {
  const launcher = spawn(process.execPath, [LAUNCHER, 'interruption', String(exitCode)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(launcher.stdout, 'data');
  return launcher;
}

describe('the lab', { skip }, () => {
  test('owns both ends of every prefix, reaches itself from each, and nothing else', async () => {
    const { insideLab: inside, reached, beyond } = await labReport();
    assert.equal(inside, true);
    const addresses = [
      '198.18.67.0',
      '198.18.67.15',
      '198.18.67.32',
      '198.18.67.47',
      '198.18.67.53',
      '198.18.67.80',
    ];
    addresses.push(
      '198.18.67.96',
      '198.18.67.111',
      '203.0.113.0',
      '203.0.113.255',
      '198.51.100.0',
      '198.51.100.255',
      '198.19.64.0',
      '198.19.79.255',
    );
    assert.deepEqual(reached, Object.fromEntries(addresses.map((address) => [address, ['done', 'done']])));
    assert.deepEqual(
      beyond,
      Object.fromEntries(Object.keys(beyond).map((address) => [address, 'ENETUNREACH'])),
    );
    assert.equal(Object.keys(beyond).length, 4);
  });

  test('says so when it cannot be raised', async () => {
    assert.match((await labReport()).raisedAgain, /^HarnessError: the lab's addresses could not be set: \S/);
  });
});

describe('rerunInLab', { skip }, () => {
  test("ends with the program's exit code", async () => {
    const launcher = spawn(process.execPath, [LAUNCHER, 'exit', '7'], { stdio: 'inherit' });
    assert.deepEqual(await once(launcher, 'exit'), [7, null]);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`passes ${signal} on to the program, and lets it end in its own way`, async () => {
      const launcher = await waiting(42);
      launcher.kill(signal);
      assert.deepEqual(await once(launcher, 'exit'), [42, null]);
    });
  }

  test('lets the program notice that its parent has died', async () => {
    const launcher = await waiting(0);
    const output = launcher.stdout;
    assert.ok(output);
    launcher.kill('SIGKILL');
    // The probe has the other end of this pipe: it closes when the probe is gone, and only then.
    output.resume();
    await once(output, 'close');
  });
});

describe('outside', () => {
  test('is not inside', () => assert.equal(insideLab(), false));

  test("raises no lab in the machine's own network", { skip: interfaceLeadingOut() === undefined }, () => {
    assert.throws(
      raiseLab,
      /^HarnessError: refusing to raise the lab beside the interface \S+: .*Unset CONFORMANCE_LAB/,
    );
  });

  test('says what is missing where there is no way in', (t) => {
    const path = process.env['PATH'];
    t.after(() => (process.env['PATH'] = path));
    process.env['PATH'] = '/nowhere';
    const { reason } = { reason: '', ...wayIntoLab() };
    assert.match(reason, /^no network namespace can be made here \(unshare is not on PATH/);
  });
});
