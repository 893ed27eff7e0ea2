import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { readConfig, type Config } from './config/config.ts';
import { zeroCounters } from './edge/edge_counters.ts';
import type { LogEntry } from './observe/log.ts';
import { startSystem, type System } from './system.ts';
import { LoopbackAgent, pingText } from './testing/loopback_agent.ts';
import { BusyPlatform, CUSTOMER, LoopbackCustomer, serviceSettings } from './testing/loopback_customer.ts';

/** The status of a delivered call. */
const BUSY = 486;

describe('the system', () => {
  let directory: string;
  let platform: BusyPlatform;
  let system: System;
  let config: Config;
  let customer: LoopbackCustomer;
  const logs: LogEntry[] = [];

  const places = (): { apiUrl: string; sipPort: number } => ({
    apiUrl: system.apiUrl,
    sipPort: system.sipAddress.port,
  });

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'system-'));
    platform = await BusyPlatform.open();
    const read = readConfig(serviceSettings(platform.port, join(directory, 'voice.db')));
    assert.ok(!('problems' in read));
    config = read;
    system = await startSystem(config, { log: (entry) => logs.push(entry) });
    customer = await LoopbackCustomer.open({ ...CUSTOMER, ...places() });
  });
  after(async () => {
    customer.close();
    await system.stop();
    platform.close();
    rmSync(directory, { recursive: true });
  });

  test('answers OPTIONS, and health on its API', async () => {
    await using caller = await LoopbackAgent.open();
    caller.send(pingText(CUSTOMER.domain, caller.port), system.sipAddress.port);
    assert.equal((await caller.response(200)).reasonPhrase, 'Keepalive');
    assert.equal((await fetch(`${system.apiUrl}/health/ready`)).status, 200);
    assert.equal(system.generatedClient, undefined);
  });

  test('a change answered by the API holds for the very next call', async () => {
    const enabled = await customer.enabled('End to end');
    const { applicationId } = enabled;
    const password = enabled.sipAuthPassword ?? '';
    const patch = (json: object) => customer.manage('PATCH', applicationId, json);

    const delivered = platform.delivered;
    assert.equal(await customer.call(enabled, password), BUSY);
    assert.equal(platform.delivered, delivered + 1);
    assert.match(
      platform.lastTarget,
      new RegExp(`^sip:[0-9a-f-]{36}@${CUSTOMER.domain.replaceAll('.', '\\.')}$`),
    );

    const rotated = await patch({ passwordAuthEnabled: true });
    const secondPassword = rotated.sipAuthPassword ?? '';
    assert.equal(await customer.call(rotated, password), 401);
    assert.equal(await customer.call(rotated, secondPassword), BUSY);

    await patch({ allowedRegions: ['EU'] });
    assert.equal(await customer.call(rotated, secondPassword), 401);
    await patch({ allowedRegions: ['US'] });
    assert.equal(await customer.call(rotated, secondPassword), BUSY);

    assert.equal(await customer.call(await patch({ inboundSipCallsEnabled: false }), password), 401);
    assert.equal(await customer.call(rotated, secondPassword), 401);
    assert.equal(platform.delivered, delivered + 3);
    const written = JSON.stringify(logs);
    assert.ok(logs.length > 0);
    for (const secret of [password, secondPassword, CUSTOMER.client.secret])
      assert.ok(!written.includes(secret));
  });

  test('keeps applications, passwords and tokens over a restart', async () => {
    const enabled = await customer.enabled('Kept');
    await system.stop();
    await system.stop();
    system = await startSystem(config, { log: (entry) => logs.push(entry) });
    customer.moveTo(places());
    assert.equal((await customer.manage('GET', enabled.applicationId)).sipUri, enabled.sipUri);
    assert.equal(await customer.call(enabled, enabled.sipAuthPassword ?? ''), BUSY);
  });

  test('makes one client if there is none', async () => {
    const fresh = { ...config, client: {}, database: join(directory, 'fresh.db') };
    const first = await startSystem(fresh);
    const made = first.generatedClient;
    await first.stop();
    const second = await startSystem(fresh);
    await second.stop();
    assert.ok(made);
    assert.match(made.secret, /^[A-Za-z0-9_-]{32}$/);
    assert.equal(second.generatedClient, undefined);
  });

  test('a part can be replaced alone, and a part that fails to start leaves nothing running', async () => {
    const stopped: string[] = [];
    const failing = startSystem(
      { ...config, database: ':memory:' },
      {
        startEdge: async ({ listen, realm }) => {
          assert.equal(realm, CUSTOMER.domain);
          return {
            address: listen,
            innerPort: listen.port,
            counters: {
              ...zeroCounters(),
              received: 0,
              dropped: 0,
              malformed: 0,
              undelivered: 0,
              exceptions: 0,
            },
            occupancy: () => ({ transactions: 0, dialogs: 0, timers: 0 }),
            samples: () => [],
            siblingsAre: () => undefined,
            stop: async () => {
              stopped.push('edge');
            },
          };
        },
        startApi: async () => {
          throw new Error('no API today');
        },
      },
    );
    await assert.rejects(failing, /no API today/);
    assert.deepEqual(stopped, ['edge']);
  });
});
