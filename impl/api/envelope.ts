import type { FastifyReply } from 'fastify';
import { z } from 'zod';

/** Kinds of failure: HTTP status and `type` of the error object. `code` is the status as text. */
const FAILURES = {
  unauthenticated: { status: 401, type: 'authentication.required' },
  tokenInvalid: { status: 401, type: 'authentication.invalid_token' },
  foreignAccount: { status: 403, type: 'authorization.foreign_account' },
  notFound: { status: 404, type: 'resource.not_found' },
  methodNotAllowed: { status: 405, type: 'request.method_not_allowed' },
  unsupportedMediaType: { status: 415, type: 'request.unsupported_media_type' },
  bodyTooLarge: { status: 413, type: 'request.body_too_large' },
  headersTooLarge: { status: 431, type: 'request.headers_too_large' },
  expectationFailed: { status: 417, type: 'request.expectation_failed' },
  requestTimeout: { status: 408, type: 'request.timeout' },
  malformed: { status: 400, type: 'request.malformed' },
  invalidField: { status: 400, type: 'field.invalid' },
  unknownField: { status: 400, type: 'field.unknown' },
  readOnlyField: { status: 400, type: 'field.read_only' },
  invalidParameter: { status: 400, type: 'parameter.invalid' },
  notReady: { status: 503, type: 'service.not_ready' },
  storeUnavailable: { status: 503, type: 'service.store_unavailable' },
  internal: { status: 500, type: 'service.internal_error' },
} as const;

type FailureKind = keyof typeof FAILURES;

/** A failure, not yet in an envelope. */
export interface Failure {
  readonly kind: FailureKind;
  /** What is wrong and what would be right; never a secret. */
  readonly description: string;
  /** Path of the offending field of the body, or name of the offending query parameter. */
  readonly source?: { readonly field: string } | { readonly parameter: string };
}

const linkSchema = z.object({
  href: z.string(),
  rel: z.enum(['self', 'first', 'prev', 'next', 'last']),
  method: z.literal('GET'),
});
/** A link of an envelope. */
export type Link = z.infer<typeof linkSchema>;

const errorSchema = z.object({
  id: z.uuid().describe('Names this one error, for support.'),
  type: z.string(),
  description: z.string(),
  code: z.string().describe('The HTTP status.'),
  source: z.object({ field: z.string().optional(), parameter: z.string().optional() }),
});

/** The body of a refusal: no data, at least one error. */
export const failureEnvelope = z.object({
  links: z.array(linkSchema),
  data: z.null(),
  errors: z.array(errorSchema).min(1),
});

/** The body of a success around `data`. */
export function envelopeSchema<T extends z.ZodType>(data: T) {
  return z.object({ links: z.array(linkSchema), data, errors: z.array(errorSchema).length(0) });
}

/** The body of a success around one page of a list. */
export function pageEnvelopeSchema<T extends z.ZodType>(item: T) {
  return envelopeSchema(z.array(item)).extend({
    page: z.object({
      pageSize: z.int(),
      totalElements: z.int(),
      totalPages: z.int(),
      pageNumber: z.int(),
    }),
  });
}

/** The body of a success (rule app.envelope). */
export function envelopeOf<T>(data: T): { links: Link[]; data: T; errors: never[] } {
  return { links: [], data, errors: [] };
}

/** The body and HTTP status of a refusal. The first failure gives the status. */
export function failureBody(
  failures: readonly [Failure, ...Failure[]],
  newUuid: () => string,
): { status: number; body: z.infer<typeof failureEnvelope> } {
  const errors = failures.map(({ kind, description, source = {} }) => {
    const { status, type } = FAILURES[kind];
    return { id: newUuid(), type, description, code: String(status), source };
  });
  return { status: FAILURES[failures[0].kind].status, body: { links: [], data: null, errors } };
}

/** Answers a request with a refusal. */
export function refuse(
  reply: FastifyReply,
  failures: readonly [Failure, ...Failure[]],
  newUuid: () => string,
): FastifyReply {
  const { status, body } = failureBody(failures, newUuid);
  return reply.code(status).send(body);
}
