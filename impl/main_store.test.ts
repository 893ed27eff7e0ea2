import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, afterEach, before, describe, test } from 'node:test';

import {
  BusyPlatform,
  CUSTOMER,
  LoopbackCustomer,
  serviceSettings,
  type CustomersApplication,
} from './testing/loopback_customer.ts';
import { RunningMain } from './testing/running_main.ts';
import { SmallDisk } from './testing/small_disk.ts';

const BUSY = 486;
const DISK_OCTETS = 1 << 20;

let directory: string;
let platform: BusyPlatform;
let run: RunningMain;
let apiUrl: string;
let customer: LoopbackCustomer;
let application: CustomersApplication;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'store-'));
  platform = await BusyPlatform.open();
});
after(() => {
  platform.close();
  rmSync(directory, { recursive: true });
});
afterEach(() => {
  customer.close();
  run.child.kill('SIGKILL');
});

/** Starts the service with its store in that file, with one application that asks for a password. */
async function started(database: string, within: readonly string[] = []): Promise<void> {
  run = new RunningMain(serviceSettings(platform.port, database), [], within);
  const places = await run.places();
  ({ apiUrl } = places);
  customer = await LoopbackCustomer.open({ ...CUSTOMER, ...places });
  application = await customer.enabled('Before');
}

const called = (): Promise<number> => customer.call(application, application.sipAuthPassword ?? '');
const renamed = (applicationName: string) =>
  customer.ask('PATCH', application.applicationId, { applicationName });
const read = async (): Promise<string> => {
  const answer = await customer.ask('GET', application.applicationId);
  assert.equal(answer.status, 200);
  return /"applicationName":"(\w+)"/.exec(await answer.text())?.[1] ?? '';
};

/** The refusal of a change for the store's sake. */
async function assertUnavailable(answer: Response, problem: string): Promise<void> {
  const text = await answer.text();
  assert.equal(answer.status, 503, text);
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
  const { data, errors } = JSON.parse(text);
  assert.equal(data, null);
  assert.deepEqual(
    errors.map(({ type, description }: Record<string, string>) => [type, description]),
    [['service.store_unavailable', problem]],
  );
}

describe('calls and reads go on, and changes are refused', () => {
  test('while another program holds the store’s lock', async () => {
    const database = join(directory, 'locked.db');
    await started(database);
    const stranger = new DatabaseSync(database);
    stranger.exec('begin exclusive');
    const change = renamed('Never');
    let calls = 0;
    const until = change.then(() => 'answered');
    while ((await Promise.race([until, called()])) === BUSY) {
      assert.equal(await read(), 'Before');
      calls++;
    }
    // The change waits for five seconds; a service that waits with it answers one call or none.
    assert.ok(calls >= 5, String(calls));
    await assertUnavailable(await change, 'the store takes no changes: another program holds its lock');
    const patient = renamed('After');
    stranger.exec('rollback');
    stranger.close();
    assert.equal((await patient).status, 200);
    assert.equal(await read(), 'After');
    assert.equal((await fetch(`${apiUrl}/health/ready`)).status, 200);
    assert.equal(await run.stop(), 0, run.stderr);
  });

  test('while the store’s disk is full; the service is not ready until there is room', async (t) => {
    if (!SmallDisk.isPossible(join(directory, 'tried'))) return t.skip('no right to mount a small disk');
    const disk = new SmallDisk(join(directory, 'full'), DISK_OCTETS);
    await started(join(disk.path, 'voice.db'), disk.command);
    disk.fill(run.child.pid);
    const problem = 'the store takes no changes: its disk is full';
    await assertUnavailable(await renamed('Never'), problem);
    await assertUnavailable(
      await customer.ask('POST', '', {
        applicationName: 'Never',
        callInitiatedCallbackUrl: 'https://app.example/initiate',
      }),
      problem,
    );
    await assertUnavailable(await customer.ask('DELETE', application.applicationId), problem);
    for (let round = 0; round < 3; round++) {
      assert.equal(await called(), BUSY);
      assert.equal(await read(), 'Before');
      const ready = await fetch(`${apiUrl}/health/ready`);
      assert.equal(ready.status, 503);
      assert.match(await ready.text(), new RegExp(problem));
    }
    disk.free(run.child.pid);
    assert.equal((await fetch(`${apiUrl}/health/ready`)).status, 200);
    assert.equal((await renamed('After')).status, 200);
    assert.equal(await read(), 'After');
    const trail = await (await customer.ask('GET', `${application.applicationId}/audit`)).text();
    assert.deepEqual(trail.match(/(?<="action":")\w+/g), ['changed', 'enabled', 'created']);
    assert.equal(await run.stop(), 0, run.stderr);
  });
});
