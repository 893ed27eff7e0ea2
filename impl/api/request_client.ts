import type { FastifyRequest } from 'fastify';

import type { ChangeAuthor } from '../store/model/audit.ts';

/** Whose token a request came with, from the moment it was checked; entries go with their requests. */
const clients = new WeakMap<FastifyRequest, string>();

/** Remembers the client whose token a request came with. */
export function authenticatedAs(request: FastifyRequest, clientId: string): void {
  clients.set(request, clientId);
}

/** The client whose token the request came with; undefined where it had none that is good. */
export function clientOf(request: FastifyRequest): string | undefined {
  return clients.get(request);
}

/** Who asks for the change that this request is. Throws where the request was let in without a token: a bug. */
export function authorOf(request: FastifyRequest): ChangeAuthor {
  const clientId = clients.get(request);
  if (clientId === undefined) throw new Error('a change was asked for by nobody');
  return { clientId, requestId: request.id, sourceAddress: request.ip };
}
