import fastify, { type FastifyInstance } from 'fastify';

import type { ServiceMetrics } from '../observe/service_metrics.ts';
import { answerOtherMethods, routeAllMethods } from './other_methods.ts';

/** Path of the metrics. */
export const METRICS_PATH = '/metrics';

/** What {@link metricsEndpoint} needs. */
export interface MetricsEndpointOptions {
  readonly metrics: Pick<ServiceMetrics, 'contentType' | 'text'>;
  readonly newUuid: () => string;
}

/** `/metrics` for Prometheus, without authentication: it names no accounts or applications. */
export async function metricsEndpoint(
  app: FastifyInstance,
  { metrics, newUuid }: MetricsEndpointOptions,
): Promise<void> {
  app.get(METRICS_PATH, { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  answerOtherMethods(app, { url: METRICS_PATH, methods: ['GET'] }, newUuid);
}

/** Starts a listener for the metrics alone. Rejects with node's error if it cannot bind the address. */
export async function startMetricsListener(
  listen: { readonly host: string; readonly port: number },
  options: MetricsEndpointOptions,
): Promise<{ readonly address: { host: string; port: number }; stop(): Promise<void> }> {
  const app = fastify();
  routeAllMethods(app);
  await app.register(metricsEndpoint, options);
  await app.listen({ host: listen.host, port: listen.port });
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port;
  return { address: { host: listen.host, port }, stop: () => app.close() };
}
