import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { readConfig } from './config/config.ts';
import { startSystem, type System } from './system.ts';
import {
  BusyPlatform,
  CUSTOMER,
  LoopbackCustomer,
  serviceSettings,
  type CustomersApplication,
} from './testing/loopback_customer.ts';

const ROTATIONS = 1000;
/** The status of a call that was let in. */
const BUSY = 486;

/** A password, and when its PATCH was sent and answered. It came into force between the two. */
interface Generation {
  readonly asked: number;
  made?: {
    readonly password: string;
    readonly application: CustomersApplication;
    readonly answered: number;
  };
}

describe('changes while other changes and calls run', () => {
  let directory: string;
  let platform: BusyPlatform;
  let system: System;
  let customer: LoopbackCustomer;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'rotation-'));
    platform = await BusyPlatform.open();
    const config = readConfig(serviceSettings(platform.port, join(directory, 'voice.db')));
    assert.ok(!('problems' in config));
    system = await startSystem(config);
    const { apiUrl, sipAddress } = system;
    customer = await LoopbackCustomer.open({ ...CUSTOMER, apiUrl, sipPort: sipAddress.port });
  });
  after(async () => {
    customer.close();
    await system.stop();
    platform.close();
    rmSync(directory, { recursive: true });
  });

  test('the result of two simultaneous PATCHes is one of them, never a mix', async () => {
    const { applicationId } = await customer.create('Two at once');
    const enable = { inboundSipCallsEnabled: true, passwordAuthEnabled: true };
    const wholes = [
      { ...enable, allowedSourceIps: ['203.0.113.0/25'], allowedRegions: ['US'] },
      { ...enable, allowedSourceIps: ['203.0.113.128/25', '198.51.100.5/32'], allowedRegions: ['EU', 'US'] },
    ];
    const winners = new Set<number>();
    for (let round = 0; round < 50; round += 1) {
      const order = round % 2 === 0 ? wholes : wholes.toReversed();
      const answers = await Promise.all(order.map((json) => customer.manage('PATCH', applicationId, json)));
      assert.equal(new Set(answers.map(({ sipAuthPassword }) => sipAuthPassword)).size, 2);
      const { allowedSourceIps, allowedRegions } = await customer.manage('GET', applicationId);
      const winner = wholes.findIndex((whole) => whole.allowedSourceIps.join() === allowedSourceIps.join());
      assert.deepEqual(
        allowedRegions,
        wholes[winner]?.allowedRegions,
        `${allowedSourceIps.join()}: ${allowedRegions.join()}`,
      );
      winners.add(winner);
    }
    assert.equal(winners.size, 2, 'the same PATCH always won');
  });

  test('over a thousand rotations the password in force lets calls in, a dead one never', async () => {
    const { applicationId } = await customer.create('Rotated');
    const generations: Generation[] = [];
    const rotate = async (): Promise<void> => {
      const generation: Generation = { asked: performance.now() };
      generations.push(generation);
      const enable = { inboundSipCallsEnabled: true, passwordAuthEnabled: true };
      const application = await customer.manage('PATCH', applicationId, enable);
      const password = application.sipAuthPassword ?? '';
      generation.made = { password, application, answered: performance.now() };
    };
    const judged = { 'in force': 0, dead: 0, changing: 0 };
    /** Calls with the password of `age` rotations ago. Judges only if its state did not change meanwhile. */
    const judge = async (age: number): Promise<void> => {
      const latest = generations.findLastIndex(({ made }) => made !== undefined);
      const used = Math.max(0, latest - age);
      const { password, application } = generations[used]!.made!;
      const sent = performance.now();
      const status = await customer.call(application, password);
      const ended = performance.now();
      const next = generations[used + 1];
      if (next === undefined || next.asked >= ended) {
        assert.equal(status, BUSY, 'the password in force was refused');
        judged['in force'] += 1;
      } else if (next.made !== undefined && next.made.answered <= sent) {
        assert.equal(status, 401, 'a dead password was let in');
        judged.dead += 1;
      } else {
        assert.ok(status === BUSY || status === 401, String(status));
        judged.changing += 1;
      }
    };

    await rotate();
    const rotated = new AbortController();
    const whileRotating = async (turn: () => Promise<void>): Promise<void> => {
      try {
        while (!rotated.signal.aborted) await turn();
      } catch (error) {
        rotated.abort();
        throw error;
      }
    };
    const callers = [0, 0, 1, 2].map((age) => whileRotating(() => judge(age)));
    const rotations = whileRotating(async () => {
      await rotate();
      // Other passwords are replaced before anybody can call twice with them.
      if (generations.length % 10 === 0) await judge(0);
      if (generations.length > ROTATIONS) rotated.abort();
    });
    await Promise.all([rotations, ...callers]);

    assert.equal(new Set(generations.map(({ made }) => made?.password)).size, ROTATIONS + 1);
    assert.ok(judged.dead > 50 && judged.changing > 50, JSON.stringify(judged));
    assert.ok(judged['in force'] >= ROTATIONS / 10, JSON.stringify(judged));
  });
});
