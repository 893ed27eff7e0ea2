import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { EDGE_METRICS } from '../edge/edge_metrics.ts';
import type { Sample } from '../edge/edge_metrics.ts';

/** Upper bounds in seconds: a read takes about a millisecond, a token the time of a password hash. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** What else a client makes up is `other`. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export interface MetricsOptions {
  /** The figures of the signaling tier at this moment. */
  readonly samples: () => Promise<readonly Sample[]>;
  readonly version: string;
}

/** The metrics of the service, in the Prometheus text format when they are asked for. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** Counts what came to the API and was no HTTP request. */
  unparsable(): void;
  /** Counts an answered request of the API. */
  answered(request: FastifyRequest, reply: FastifyReply): void;
}

/** Metrics of this process, of the API, and of the signaling tier. */
export function serviceMetrics({ samples, version }: MetricsOptions): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const registers = [register];
  const latency = new Histogram({
    name: 'voice_edge_api_request_duration_seconds',
    help: 'Time from an API request to the end of its answer, by the pattern of its path.',
    labelNames: ['method', 'route', 'status'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const unparsable = new Counter({
    name: 'voice_edge_api_unparsable_total',
    help: 'What came to the API, was no HTTP request, and was refused.',
    registers,
  });
  new Gauge({
    name: 'voice_edge_build_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['version', 'node_version'],
    registers,
  }).set({ version, node_version: process.version }, 1);
  const edge = new Map(
    Object.entries(EDGE_METRICS).map(([name, { type, help, labels }]) => {
      const labelNames = [...labels];
      return [
        name,
        type === 'counter'
          ? new Counter({ name, help, labelNames, registers })
          : new Gauge({ name, help, labelNames, registers }),
      ];
    }),
  );

  return {
    contentType: register.contentType,

    async text() {
      const figures = await samples();
      // What was counted elsewhere replaces what stood here; nothing comes between, as nothing is waited for.
      for (const metric of edge.values()) metric.reset();
      for (const { name, labels, value } of figures) edge.get(name)?.inc(labels, value);
      return register.metrics();
    },

    unparsable: () => unparsable.inc(),

    answered(request, reply) {
      const method = METHODS.has(request.method) ? request.method : 'other';
      const route = request.routeOptions.url ?? 'none';
      latency.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    },
  };
}
