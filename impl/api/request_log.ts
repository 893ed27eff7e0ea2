import type { FastifyInstance } from 'fastify';

import type { Log } from '../observe/log.ts';
import { LIVE, READY } from './health.ts';
import { METRICS_PATH } from './metrics_endpoint.ts';
import { clientOf } from './request_client.ts';

/** Paths that are polled every few seconds. */
const PROBES: ReadonlySet<string | undefined> = new Set([LIVE, READY, METRICS_PATH]);

/** The path parameters that a route may have. */
interface NamedInPath {
  Params: { readonly accountId?: string; readonly applicationId?: string };
}

/**
 * Logs one line for each answered request: who asked for what, and the outcome. Logs no header, query or body, and no
 * path without a route: a secret may have been put there by mistake.
 */
export function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook<NamedInPath>('onResponse', async (request, reply) => {
    const route = request.routeOptions.url;
    const { accountId, applicationId } = request.params;
    log({
      level: PROBES.has(route) && reply.statusCode < 400 ? 'debug' : 'info',
      event: 'api.request',
      request: request.id,
      method: request.method,
      route: route ?? null,
      accountId,
      applicationId,
      client: clientOf(request) ?? null,
      source: request.ip,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    });
  });
}
