import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Upper bounds in seconds: a read takes about a millisecond, a token as long as a password hash. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** Any other method counts as `other`. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What the API counts. */
export interface ApiMetrics {
  /** Counts input that was not an HTTP request. */
  unparsable(): void;
  /** Counts an answered request. */
  answered(request: FastifyRequest, reply: FastifyReply): void;
}

/** The metrics of the API, kept in the service's registry. */
export function apiMetrics(registry: Registry): ApiMetrics {
  const registers = [registry];
  const latency = new Histogram({
    name: 'voice_edge_api_request_duration_seconds',
    help: 'Time from an API request to the end of its answer, by the pattern of its path.',
    labelNames: ['method', 'route', 'status'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const unparsable = new Counter({
    name: 'voice_edge_api_unparsable_total',
    help: 'Inputs that the API refused because they were not HTTP requests.',
    registers,
  });
  return {
    unparsable: () => unparsable.inc(),
    answered(request, reply) {
      const method = METHODS.has(request.method) ? request.method : 'other';
      const route = request.routeOptions.url ?? 'none';
      latency.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    },
  };
}
