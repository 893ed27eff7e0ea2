import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { secretHashOf, secretMatches } from '../store/secret_hash.ts';
import type { ClientRepository, OAuthClient } from '../store/store.ts';
import type { AccessTokens } from './access_token.ts';
import { basicCredentials } from './basic_credentials.ts';
import { refuseOtherMethods } from './other_methods.ts';

export interface TokenEndpointOptions {
  readonly clients: ClientRepository;
  readonly tokens: AccessTokens;
  readonly newUuid: () => string;
  readonly randomBytes: (size: number) => Buffer;
}

/** RFC 6749 section 5.2: the error codes this endpoint can give, and their status. */
const ERROR_STATUS = { invalid_request: 400, invalid_client: 401, unsupported_grant_type: 400 } as const;
type ErrorCode = keyof typeof ERROR_STATUS;

const FORM = 'application/x-www-form-urlencoded';
const PATH = '/api/v1/oauth2/token';

/** As the form parser leaves it: a repeated parameter is a list. */
const formSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const tokenSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds.'),
});
const errorSchema = z.object({
  error: z.enum(['invalid_request', 'invalid_client', 'unsupported_grant_type']),
  error_description: z.string(),
});

/** OAuth 2.0 client credentials grant (RFC 6749 section 4.4, rules oauth.token.*). Register it encapsulated. */
export async function tokenEndpoint(root: FastifyInstance, options: TokenEndpointOptions): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>();
  const authenticatedClient = await clientAuthentication(options);

  app.removeAllContentTypeParsers();
  await app.register(formbody);
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
  });
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    if ((error.statusCode ?? 500) >= 500) throw error;
    return refuseToken(reply, 'invalid_request', `send a small body of type ${FORM}`);
  });

  app.post(
    PATH,
    {
      schema: {
        tags: ['OAuth 2.0'],
        summary: 'Get an access token',
        description: `HTTP Basic with client id and secret; the body, of type ${FORM}, is grant_type=client_credentials.`,
        consumes: [FORM],
        security: [{ client: [] }],
        response: { 200: tokenSchema, 400: errorSchema, 401: errorSchema },
      },
    },
    async (request, reply) => {
      const client = await authenticatedClient(request.headers.authorization);
      if (client === undefined) {
        return refuseToken(reply, 'invalid_client', 'client authentication failed');
      }
      const problem = grantProblem(request.body);
      if (problem !== undefined) return refuseToken(reply, problem.error, problem.description);
      const access_token = await options.tokens.issue({
        clientId: client.clientId,
        accounts: [client.accountId],
      });
      return reply.send({
        access_token,
        token_type: 'Bearer',
        expires_in: options.tokens.lifetimeSeconds,
      });
    },
  );
  refuseOtherMethods(app, PATH, ['POST'], [], options.newUuid);
}

function refuseToken(reply: FastifyReply, error: ErrorCode, error_description: string): FastifyReply {
  if (error === 'invalid_client') void reply.header('www-authenticate', 'Basic realm="oauth2"');
  return reply.code(ERROR_STATUS[error]).send({ error, error_description });
}

/** An unknown client costs as much time as a wrong secret, so that neither can be told from the other. */
async function clientAuthentication({ clients, randomBytes }: TokenEndpointOptions) {
  const nobodysHash = await secretHashOf(randomBytes(32).toString('hex'), randomBytes(16));
  return async (authorization: string | undefined): Promise<OAuthClient | undefined> => {
    const given = basicCredentials(authorization);
    if (given === undefined) return undefined;
    const client = await clients.get(given.user);
    const matches = await secretMatches(given.password, client?.secretHash ?? nobodysHash);
    return matches ? client : undefined;
  };
}

function grantProblem(body: unknown): { error: ErrorCode; description: string } | undefined {
  const form = formSchema.parse(body ?? {});
  // RFC 6749 section 3.2: no parameter twice.
  const repeated = Object.keys(form).find((name) => Array.isArray(form[name]));
  if (repeated !== undefined) {
    return { error: 'invalid_request', description: 'a parameter was sent more than once' };
  }
  if (form['client_secret'] !== undefined) {
    // RFC 6749 section 2.3: one authentication method a request.
    return { error: 'invalid_request', description: 'send the client secret by HTTP Basic only' };
  }
  const grant = form['grant_type'] ?? '';
  if (grant === '') return { error: 'invalid_request', description: 'grant_type is missing' };
  if (grant !== 'client_credentials') {
    return { error: 'unsupported_grant_type', description: 'the only grant_type is client_credentials' };
  }
  return undefined;
}
