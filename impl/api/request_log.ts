import type { FastifyInstance } from 'fastify';

import type { Log } from '../observe/log.ts';
import { LIVE, READY } from './health.ts';
import { METRICS_PATH } from './metrics_endpoint.ts';
import { accountOf, clientOf } from './request_client.ts';

/** Paths that are polled every few seconds. */
const PROBES: ReadonlySet<string | undefined> = new Set([LIVE, READY, METRICS_PATH]);

/** The path parameter that a route may have. */
interface NamedInPath {
  Params: { readonly applicationId?: string };
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Logs one line for each answered request: who asked for what, and the outcome. Logs no header, query or body, and of
 * the path only its route and the ids that the service knows: a secret may have been put there by mistake (rule
 * hard.secrets.leak).
 */
export function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook<NamedInPath>('onResponse', async (request, reply) => {
    const route = request.routeOptions.url;
    const { applicationId } = request.params;
    const accountId = accountOf(request);
    const isKnown = accountId !== undefined && reply.statusCode !== 404 && UUID.test(applicationId ?? '');
    log({
      level: PROBES.has(route) && reply.statusCode < 400 ? 'debug' : 'info',
      event: 'api.request',
      request: request.id,
      method: request.method,
      route: route ?? null,
      accountId,
      applicationId: isKnown ? applicationId : undefined,
      client: clientOf(request) ?? null,
      source: request.ip,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    });
  });
}
