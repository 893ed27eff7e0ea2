import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { counter, gauge, type Sample } from './metric.ts';
import { serviceMetrics, type ServiceMetrics } from './service_metrics.ts';

const CALLS = 'voice_edge_calls_total';

function calls(value: number, code = '200'): Sample {
  return { name: CALLS, labels: { outcome: 'delivered', code, reason: 'digest-right' }, value };
}

const CATALOGUE = {
  [CALLS]: counter('INVITEs outside a dialog by their end.', 'outcome', 'code', 'reason'),
  voice_edge_dialogs: gauge('Dialogs in memory.'),
};

function metricsOf(samples: () => readonly Sample[], version = '1'): ServiceMetrics {
  return serviceMetrics({ tiers: [{ catalogue: CATALOGUE, samples: async () => samples() }], version });
}

/** The value of a metric's line; undefined if there is none. */
function valueOf(text: string, metric: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${metric} `));
  return line === undefined ? undefined : Number(line.slice(metric.length + 1));
}

describe('the metrics of the service', () => {
  test('are those of its tiers at the moment of the request, with their help texts', async () => {
    let samples: Sample[] = [calls(3), calls(1, '486'), { name: 'voice_edge_dialogs', labels: {}, value: 7 }];
    const metrics = metricsOf(() => samples, '1.2.3');
    const first = await metrics.text();
    const delivered = `${CALLS}{outcome="delivered",code="200",reason="digest-right"}`;
    assert.equal(valueOf(first, delivered), 3);
    assert.equal(valueOf(first, 'voice_edge_dialogs'), 7);
    assert.match(first, /# HELP voice_edge_calls_total INVITEs outside a dialog/);
    assert.match(first, /# TYPE voice_edge_calls_total counter/);
    assert.match(first, /# TYPE voice_edge_dialogs gauge/);
    assert.match(first, /voice_edge_build_info\{version="1\.2\.3",node_version="v\d+/);
    assert.match(first, /process_cpu_seconds_total \d/);
    assert.match(first, /nodejs_eventloop_lag_p99_seconds/);
    samples = [calls(5)];
    const second = await metrics.text();
    assert.equal(valueOf(second, delivered), 5);
    assert.equal(valueOf(second, 'voice_edge_dialogs'), 0);
  });

  test('are the same for two simultaneous requests', async () => {
    const metrics = metricsOf(() => [calls(3)]);
    const texts = await Promise.all([metrics.text(), metrics.text(), metrics.text()]);
    for (const text of texts) {
      assert.equal(valueOf(text, `${CALLS}{outcome="delivered",code="200",reason="digest-right"}`), 3);
    }
  });

  test('leave out a sample without a metric', async () => {
    const unknown = { name: 'nobody_knows_total', labels: {}, value: 1 };
    const text = await metricsOf(() => [unknown]).text();
    assert.ok(!text.includes('nobody_knows'));
  });
});
