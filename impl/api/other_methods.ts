import { METHODS } from 'node:http';

import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';

import { refuse } from './envelope.ts';

/** The methods node's HTTP parser knows. CONNECT never reaches a route. */
const ROUTABLE = METHODS.filter((method) => method !== 'CONNECT');

/**
 * Makes every method that node can parse routable, so that the resource itself answers a method it lacks. No body is
 * looked for in a DELETE, where one means nothing (RFC 9110 section 9.3.5): many clients name a content type for none.
 */
export function routeAllMethods(app: FastifyInstance): void {
  const known = new Set<string>(app.supportedMethods);
  for (const method of ROUTABLE) if (!known.has(method)) app.addHttpMethod(method);
  app.addHttpMethod('DELETE', { hasBody: false, overrideExisting: true });
}

/** A resource, and what stands in front of it. */
interface Resource {
  readonly url: string;
  /** The methods it has, besides HEAD and OPTIONS. */
  readonly methods: readonly string[];
  /** Hooks before its method is looked at. */
  readonly before?: readonly onRequestAsyncHookHandler[];
  /** Header fields of the answer to OPTIONS, besides Allow. */
  readonly told?: Readonly<Record<string, string>>;
}

/**
 * Answers the methods a resource has no route for, before the body is read: OPTIONS with 204, any other with 405, both
 * with Allow (RFC 9110 sections 9.3.7 and 15.5.6; rules app.errors, app.patch.media-types).
 */
export function answerOtherMethods(
  app: FastifyInstance,
  { url, methods, before = [], told = {} }: Resource,
  newUuid: () => string,
): void {
  const served = methods.includes('GET') ? [...methods, 'HEAD'] : [...methods];
  const allow = [...served, 'OPTIONS'].join(', ');
  const answerMethod: onRequestAsyncHookHandler = async (request, reply) => {
    void reply.header('allow', allow);
    if (request.method === 'OPTIONS') return reply.headers(told).code(204).send();
    const description = `${request.method} is not one of this resource's methods: ${allow}`;
    return refuse(reply, [{ kind: 'methodNotAllowed', description }], newUuid);
  };
  app.route({
    method: ROUTABLE.filter((method) => !served.includes(method)),
    url,
    schema: { hide: true },
    onRequest: [...before, answerMethod],
    handler: () => {
      throw new Error('a method without a route reached its handler');
    },
  });
}
