import { METHODS } from 'node:http';

import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';

import { refuse } from './envelope.ts';

/** The methods node's HTTP parser knows. CONNECT never reaches a route. */
const ROUTABLE = METHODS.filter((method) => method !== 'CONNECT');

/** Makes every method that node can parse routable, so that the resource itself answers a method it lacks. */
export function routeAllMethods(app: FastifyInstance): void {
  const known = new Set<string>(app.supportedMethods);
  for (const method of ROUTABLE) if (!known.has(method)) app.addHttpMethod(method);
}

/**
 * Answers a method the resource lacks with 405 and Allow (RFC 9110 section 15.5.6), after `before` and before the
 * body is read (rule app.errors).
 */
export function refuseOtherMethods(
  app: FastifyInstance,
  url: string,
  allowed: readonly string[],
  before: readonly onRequestAsyncHookHandler[],
  newUuid: () => string,
): void {
  const served = allowed.includes('GET') ? [...allowed, 'HEAD'] : [...allowed];
  const allow = served.join(', ');
  const refuseMethod: onRequestAsyncHookHandler = async (request, reply) => {
    void reply.header('allow', allow);
    const description = `${request.method} is not one of this resource's methods: ${allow}`;
    return refuse(reply, [{ kind: 'methodNotAllowed', description }], newUuid);
  };
  app.route({
    method: ROUTABLE.filter((method) => !served.includes(method)),
    url,
    schema: { hide: true },
    onRequest: [...before, refuseMethod],
    handler: () => {
      throw new Error('a refused method reached its handler');
    },
  });
}
