import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { AccessTokens } from './access_token.ts';
import { refuse } from './envelope.ts';
import { authenticatedAs, authorizedFor } from './request_client.ts';

/** RFC 6750 section 2.1. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
/** Path parameters of every call on an account. */
export const accountParams = z.object({ accountId: z.string() });

const CHALLENGE = 'Bearer realm="voice-applications"';

/**
 * The hook in front of every call on an account: 401 without a good bearer token (RFC 6750 section 3), 403 with a
 * token for another account. A 403 does not reveal whether the account exists (rules oauth.bearer.*).
 */
export function bearerAuthorization(tokens: AccessTokens, newUuid: () => string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      // Without a token there is no error code (RFC 6750 section 3.1).
      void reply.header('www-authenticate', CHALLENGE);
      const description = 'this call needs an Authorization header with a bearer token';
      return refuse(reply, [{ kind: 'unauthenticated', description }], newUuid);
    }
    const bearer = await tokens.read(token);
    if (bearer === undefined) {
      const description = 'the access token is not valid, or has expired';
      void reply.header(
        'www-authenticate',
        `${CHALLENGE}, error="invalid_token", error_description="${description}"`,
      );
      return refuse(reply, [{ kind: 'tokenInvalid', description }], newUuid);
    }
    authenticatedAs(request, bearer.clientId);
    const { accountId } = accountParams.parse(request.params);
    if (bearer.accounts.includes(accountId)) {
      authorizedFor(request, accountId);
      return undefined;
    }
    void reply.header('www-authenticate', `${CHALLENGE}, error="insufficient_scope"`);
    const description = 'the access token is not for this account';
    return refuse(reply, [{ kind: 'foreignAccount', description }], newUuid);
  };
}
