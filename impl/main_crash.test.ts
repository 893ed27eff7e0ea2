import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import {
  BusyPlatform,
  CUSTOMER,
  LoopbackCustomer,
  serviceSettings,
  type CustomersApplication,
} from './testing/loopback_customer.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const BUSY = 486;
/** How long after a PATCH the process is killed, in durations of the PATCH before; the last time after its answer. */
const KILLED_AFTER = [0, 0.2, 0.4, 0.6, 0.8, Infinity];

let directory: string;
let platform: BusyPlatform;
const running = new Set<ChildProcess>();

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'crash-'));
  platform = await BusyPlatform.open();
});
after(() => {
  for (const child of running) child.kill('SIGKILL');
  platform.close();
  rmSync(directory, { recursive: true });
});

/** Starts the reference as a process, always on the same store, and a customer of it. */
async function start(): Promise<{ child: ChildProcess; customer: LoopbackCustomer }> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ...serviceSettings(platform.port, join(directory, 'voice.db')) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const [line]: string[] = await once(createInterface({ input: child.stdout }), 'line');
  const [, apiUrl = '', sipPort] = /^ready api=(\S+) sip=udp:\S+:(\d+)$/.exec(line ?? '') ?? [];
  const customer = await LoopbackCustomer.open({ ...CUSTOMER, apiUrl, sipPort: Number(sipPort) });
  return { child, customer };
}

async function killed(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  running.delete(child);
}

/** A change of several fields, each of which depends on its number. */
function change(number: number): object {
  return {
    inboundSipCallsEnabled: true,
    passwordAuthEnabled: true,
    allowedSourceIps: [`203.0.113.${number}/32`, '0.0.0.0/0'],
    allowedRegions: number % 2 === 0 ? ['US'] : ['EU', 'US'],
    applicationName: `Change ${number}`,
  };
}

function numberOf({ allowedSourceIps }: CustomersApplication): number {
  return Number(/^203\.0\.113\.(\d+)\/32$/.exec(allowedSourceIps[0] ?? '')?.[1]);
}

test('a SIGKILL during a PATCH leaves the whole old or new state, and keeps answered changes', async () => {
  let { child, customer } = await start();
  const { applicationId } = await customer.create('Crashed');
  const outcomes = new Set<'old' | 'new'>();
  let number = 0;
  for (const part of KILLED_AFTER) {
    // A process's first PATCH is slower than later ones.
    await customer.manage('PATCH', applicationId, change((number += 1)));
    const asked = performance.now();
    const answered = await customer.manage('PATCH', applicationId, change((number += 1)));
    const tookMs = performance.now() - asked;
    number += 1;
    const unanswered = customer.manage('PATCH', applicationId, change(number)).catch(() => undefined);
    await (part === Infinity ? unanswered : delay(part * tookMs));
    await killed(child);
    const inFlight = await unanswered;
    customer.close();

    ({ child, customer } = await start());
    const found = await customer.manage('GET', applicationId);
    const state = numberOf(found) === number ? 'new' : 'old';
    outcomes.add(state);
    assert.equal(numberOf(found), state === 'new' ? number : number - 1);
    assert.deepEqual(found.allowedRegions, numberOf(found) % 2 === 0 ? ['US'] : ['EU', 'US']);
    if (inFlight !== undefined) assert.equal(state, 'new', 'an answered change was lost');
    const password = answered.sipAuthPassword ?? '';
    assert.equal(await customer.call(found, password), state === 'old' ? BUSY : 401);
    if (inFlight !== undefined)
      assert.equal(await customer.call(found, inFlight.sipAuthPassword ?? ''), BUSY);
  }
  customer.close();
  await killed(child);
  assert.equal(outcomes.size, 2, `always the ${[...outcomes].join()} state`);
});
