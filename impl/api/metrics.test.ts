import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { counter } from '../observe/metric.ts';
import { serviceMetrics } from '../observe/service_metrics.ts';
import { startTestApi, type TestApi } from '../testing/loopback_api.ts';
import { startMetricsListener } from './metrics_endpoint.ts';

/** The value of a metric's line; undefined if there is none. */
function valueOf(text: string, metric: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${metric} `));
  return line === undefined ? undefined : Number(line.slice(metric.length + 1));
}

describe('GET /metrics', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.stop());

  async function scraped(): Promise<string> {
    const answer = await api.call('GET', '/metrics', { token: null });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    return answer.text;
  }

  test('counts requests by method, pattern and status; whatever clients invent counts as one', async () => {
    const id = await api.createApplication();
    await api.call('GET', id);
    await api.call('GET', id);
    await api.call('PATCH', id, { json: { allowedRegions: 7 } });
    await api.call('PURGE', id);
    for (let i = 0; i < 20; i++) await api.call('GET', `/made/up/${randomUUID()}`);
    const text = await scraped();
    const route = '/v2/accounts/:accountId/voice-applications/:applicationId';
    const count = (labels: string) =>
      valueOf(text, `voice_edge_api_request_duration_seconds_count{${labels}}`);
    assert.equal(count(`method="GET",route="${route}",status="200"`), 2);
    assert.equal(count(`method="PATCH",route="${route}",status="400"`), 1);
    assert.equal(count(`method="other",route="${route}",status="405"`), 1);
    assert.equal(count('method="GET",route="none",status="404"'), 20);
    assert.ok(!text.includes(id) && !text.includes('made/up'));
  });

  test('accepts GET only, and is not in the OpenAPI description', async () => {
    assert.equal((await api.call('POST', '/metrics', { token: null })).status, 405);
    const { body } = await api.call('GET', '/docs/json', { token: null });
    assert.equal(body.paths['/metrics'], undefined);
  });

  test('may have a listener of its own', async () => {
    const catalogue = { calls_total: counter('Calls.') };
    const metrics = serviceMetrics({ tiers: [{ catalogue, samples: async () => [] }], version: '1' });
    const listener = await startMetricsListener(
      { host: '127.0.0.1', port: 0 },
      { metrics, newUuid: () => randomUUID() },
    );
    const url = `http://127.0.0.1:${listener.address.port}`;
    const answer = await fetch(`${url}/metrics`);
    assert.match(await answer.text(), /^# HELP calls_total Calls\.$/m);
    assert.equal((await fetch(`${url}/health/live`)).status, 404);
    assert.equal((await fetch(`${url}/metrics`, { method: 'DELETE' })).status, 405);
    await assert.rejects(
      startMetricsListener(listener.address, { metrics, newUuid: () => randomUUID() }),
      /EADDRINUSE/,
    );
    await listener.stop();
  });
});
