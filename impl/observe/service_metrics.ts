import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import type { MetricCatalogue, Sample } from './metric.ts';

/** A tier's metrics, and how to read their current figures. */
export interface MeasuredTier {
  readonly catalogue: MetricCatalogue;
  readonly samples: () => Promise<readonly Sample[]>;
}

/** What {@link serviceMetrics} needs. */
export interface ServiceMetricsOptions {
  readonly tiers: readonly MeasuredTier[];
  readonly version: string;
}

/** The metrics of the service, read on request and given in the Prometheus text format. */
export interface ServiceMetrics {
  /** Other parts of this process add their metrics here. */
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
      // Replaces the last figures. Nothing is awaited in between, so no reader sees half of them.
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
