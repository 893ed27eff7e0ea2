import { z } from 'zod';

/** The media type of a token request's body. */
export const FORM = 'application/x-www-form-urlencoded';

const tokenSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds.'),
});
const errorSchema = z.object({
  error: z.enum([
    'invalid_request',
    'invalid_client',
    'unsupported_grant_type',
    'invalid_scope',
    'temporarily_unavailable',
  ]),
  error_description: z.string(),
});

/** What the OpenAPI page says of a token request, and what its answers may hold. */
export const TOKEN_REQUEST = {
  tags: ['OAuth 2.0'],
  summary: 'Get an access token',
  description: `HTTP Basic with client id and secret; the body, of type ${FORM}, is grant_type=client_credentials.`,
  consumes: [FORM],
  security: [{ client: [] }],
  response: { 200: tokenSchema, 400: errorSchema, 401: errorSchema, 429: errorSchema },
};
