import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Parts } from '../impl/system.ts';
import { apiOptions } from './fault.ts';

/** An answer of the management API or the token endpoint, on its way out. */
export interface HttpAnswer {
  readonly request: FastifyRequest;
  /** For status and header fields: `code`, `header`, `removeHeader`. */
  readonly reply: FastifyReply;
  /** Read from JSON; undefined if there is no body. */
  readonly body: unknown;
}

/**
 * The API whose answers are rewritten last of all: `change` returns the body that goes out, or undefined for none.
 */
export function answersRewritten(change: (answer: HttpAnswer) => unknown): Partial<Parts> {
  const rewritten = async (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
  ): Promise<unknown> => {
    const type = String(reply.getHeader('content-type') ?? '');
    const isJson = typeof payload === 'string' && payload !== '' && type.includes('json');
    if (!isJson && reply.statusCode !== 204) return payload;
    const body: unknown = isJson ? JSON.parse(payload) : undefined;
    const instead = change({ request, reply, body });
    return instead === undefined ? '' : JSON.stringify(instead);
  };
  return apiOptions(() => ({
    hook(app: FastifyInstance) {
      // A route's own hooks come last.
      app.addHook('onRoute', (route) => {
        if (!route.url.startsWith('/docs')) route.onSend = [route.onSend ?? [], rewritten].flat();
      });
      app.addHook('onSend', async (request, reply, payload) =>
        request.is404 ? rewritten(request, reply, payload) : payload,
      );
    },
  }));
}

/** A body that is an object, with some members replaced. Any other body stays as it is. */
export function changed(body: unknown, members: Readonly<Record<string, unknown>>): unknown {
  return typeof body === 'object' && body !== null ? { ...body, ...members } : body;
}

/** The application that an answer shows; undefined if it shows none, or a list. */
export function dataIn(body: unknown): Record<string, unknown> | undefined {
  if (typeof body !== 'object' || body === null || !('data' in body)) return undefined;
  const { data } = body;
  return isObject(data) ? data : undefined;
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
