import type { FastifyRequest } from 'fastify';

import type { ChangeAuthor } from '../store/model/audit.ts';

/** The client of each request whose token was checked. Entries go with their requests. */
const clients = new WeakMap<FastifyRequest, string>();

/** The account of each request whose token is for it. */
const accounts = new WeakMap<FastifyRequest, string>();

/** Remembers which client sent the request. */
export function authenticatedAs(request: FastifyRequest, clientId: string): void {
  clients.set(request, clientId);
}

/** Remembers that the client may act on the account. */
export function authorizedFor(request: FastifyRequest, accountId: string): void {
  accounts.set(request, accountId);
}

/** The account that the request is let act on; undefined if there is none. */
export function accountOf(request: FastifyRequest): string | undefined {
  return accounts.get(request);
}

/** The client that sent the request; undefined if it had no good token. */
export function clientOf(request: FastifyRequest): string | undefined {
  return clients.get(request);
}

/** Who asks for the change. Throws if the request was let in without a token, which is a bug. */
export function authorOf(request: FastifyRequest): ChangeAuthor {
  const clientId = clients.get(request);
  if (clientId === undefined) throw new Error('a change without a client');
  return { clientId, requestId: request.id, sourceAddress: request.ip };
}
