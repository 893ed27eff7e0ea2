import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

import type { AccessTokens } from './access_token.ts';
import { clientAuthentication, type ClientAuthenticationOptions } from './client_authentication.ts';
import { answerOtherMethods } from './other_methods.ts';
import { FORM, TOKEN_REQUEST } from './token_request.ts';

/** What {@link tokenEndpoint} needs. */
export interface TokenEndpointOptions extends ClientAuthenticationOptions {
  readonly tokens: AccessTokens;
  readonly newUuid: () => string;
}

/**
 * Error codes of this endpoint and their HTTP status, by RFC 6749 section 5.2. Too many attempts get the code of
 * section 4.1.2.1 and the status of RFC 6585 section 4.
 */
const ERROR_STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  temporarily_unavailable: 429,
} as const;
type ErrorCode = keyof typeof ERROR_STATUS;

const PATH = '/api/v1/oauth2/token';

/** A form as its parser returns it: a repeated parameter is a list. */
const formSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** OAuth 2.0 client credentials grant (RFC 6749 section 4.4, rules oauth.token.*). Register it encapsulated. */
export async function tokenEndpoint(root: FastifyInstance, options: TokenEndpointOptions): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>();
  const authenticate = await clientAuthentication(options);

  app.removeAllContentTypeParsers();
  await app.register(formbody);
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
  });
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    if ((error.statusCode ?? 500) >= 500) throw error;
    return refuseToken(reply, 'invalid_request', `send a small body of type ${FORM}`);
  });

  app.post(PATH, { schema: TOKEN_REQUEST }, async (request, reply) => {
    const authenticated = await authenticate(request.headers.authorization, request.ip);
    if (authenticated === undefined) {
      return refuseToken(reply, 'invalid_client', 'client authentication failed');
    }
    if ('retryAfterMs' in authenticated) {
      const seconds = Math.ceil(authenticated.retryAfterMs / 1000);
      void reply.header('retry-after', String(seconds));
      const description = `too many failed attempts: try again in ${seconds} s`;
      return refuseToken(reply, 'temporarily_unavailable', description);
    }
    const problem = grantProblem(request.body);
    if (problem !== undefined) return refuseToken(reply, problem.error, problem.description);
    const { clientId, accountId, secretId } = authenticated;
    const access_token = await options.tokens.issue({ clientId, accounts: [accountId], secretId });
    return reply.send({
      access_token,
      token_type: 'Bearer',
      expires_in: options.tokens.lifetimeSeconds,
    });
  });
  answerOtherMethods(app, { url: PATH, methods: ['POST'] }, options.newUuid);
}

function refuseToken(reply: FastifyReply, error: ErrorCode, error_description: string): FastifyReply {
  if (error === 'invalid_client') void reply.header('www-authenticate', 'Basic realm="oauth2"');
  return reply.code(ERROR_STATUS[error]).send({ error, error_description });
}

/** What is wrong with the form (rules oauth.token.bad-request, oauth.token.parameters, oauth.token.scope). */
function grantProblem(body: unknown): { error: ErrorCode; description: string } | undefined {
  const form = formSchema.parse(body ?? {});
  // RFC 6749 section 3.2: no parameter twice, and one without a value counts as absent.
  if (Object.values(form).some((value) => Array.isArray(value))) {
    return { error: 'invalid_request', description: 'a parameter was sent more than once' };
  }
  const isSent = (name: string): boolean => (form[name] ?? '') !== '';
  if (isSent('client_secret')) {
    // RFC 6749 section 2.3: one authentication method per request.
    return { error: 'invalid_request', description: 'send the client secret by HTTP Basic only' };
  }
  if (!isSent('grant_type')) return { error: 'invalid_request', description: 'grant_type is missing' };
  if (form['grant_type'] !== 'client_credentials') {
    return { error: 'unsupported_grant_type', description: 'the only grant_type is client_credentials' };
  }
  if (isSent('scope')) {
    return { error: 'invalid_scope', description: 'there are no scopes: a token is for the whole account' };
  }
  return undefined;
}
