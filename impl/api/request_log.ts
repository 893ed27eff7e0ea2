import type { FastifyInstance } from 'fastify';

import type { Log } from '../observe/log.ts';
import { LIVE, READY } from './health.ts';
import { METRICS_PATH } from './metrics_endpoint.ts';
import { clientOf } from './request_client.ts';

/** What is asked every few seconds for as long as the service runs. */
const PROBES: ReadonlySet<string | undefined> = new Set([LIVE, READY, METRICS_PATH]);

/** The parameters of a path, where it has a route with such. */
interface NamedInPath {
  Params: { readonly accountId?: string; readonly applicationId?: string };
}

/**
 * One line an answered request: who asked for what, and what came of it. No header, no query, no body, and no path
 * that has no route: it may be anything, a secret put there by mistake included.
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
