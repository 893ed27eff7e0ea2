import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import type { MetricCatalogue, Sample } from './metric.ts';

/** A tier's metrics and their figures at this moment. */
export interface MeasuredTier {
  readonly catalogue: MetricCatalogue;
  readonly samples: () => Promise<readonly Sample[]>;
}

export interface ServiceMetricsOptions {
  readonly tiers: readonly MeasuredTier[];
  readonly version: string;
}

/** The metrics of the service, in the Prometheus text format when they are asked for. */
export interface ServiceMetrics {
  /** Where whatever runs in this process adds metrics of its own. */
  readonly registry: Registry;
  readonly contentType: string;
  text(): Promise<string>;
}

/** Metrics of this process and of its tiers. */
export function serviceMetrics({ tiers, version }: ServiceMetricsOptions): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'voice_edge_build_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['version', 'node_version'],
    registers,
  }).set({ version, node_version: process.version }, 1);
  const metrics = new Map(tiers.flatMap(({ catalogue }) => registered(catalogue, registry)));

  return {
    registry,
    contentType: registry.contentType,

    async text() {
      const figures = await Promise.all(tiers.map(({ samples }) => samples()));
      // Figures replace those of the last time. Nothing is awaited in between, so no reader sees half of them.
      for (const metric of metrics.values()) metric.reset();
      for (const { name, labels, value } of figures.flat()) metrics.get(name)?.inc(labels, value);
      return registry.metrics();
    },
  };
}

function registered(
  catalogue: MetricCatalogue,
  registry: Registry,
): [name: string, metric: Counter | Gauge][] {
  return Object.entries(catalogue).map(([name, { type, help, labels }]) => {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    return [name, type === 'counter' ? new Counter(options) : new Gauge(options)];
  });
}
