import type { FastifyRequest } from 'fastify';

import type { Parts } from '../impl/system.ts';
import { apiOptions } from './fault.ts';
import { isObject } from './http.ts';

/** The API that reads each request body as what `change` makes of it. */
export function bodiesRewritten(
  change: (body: Record<string, unknown>, request: FastifyRequest) => unknown,
): Partial<Parts> {
  return apiOptions(() => ({
    hook(app) {
      app.addHook('preValidation', async (request) => {
        const { body } = request;
        if (isObject(body)) request.body = change(body, request);
      });
    },
  }));
}

/** Whether it is for the token endpoint. */
export function asksForToken({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return url === '/api/v1/oauth2/token';
}

/** Whether a token request has more parameters than the grant type. The suite's ordinary ones have not. */
export function hasUnknownParameter({ body }: Pick<FastifyRequest, 'body'>): boolean {
  return isObject(body) && Object.keys(body).some((name) => name !== 'grant_type');
}

/** The account and application that a call's path names; empty where it names none. */
export function namedIn({ params }: Pick<FastifyRequest, 'params'>): {
  readonly accountId: string;
  readonly applicationId: string;
} {
  const { accountId, applicationId } = isObject(params) ? params : {};
  return {
    accountId: typeof accountId === 'string' ? accountId : '',
    applicationId: typeof applicationId === 'string' ? applicationId : '',
  };
}
