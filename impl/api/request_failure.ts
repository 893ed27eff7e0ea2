import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

import type { Failure } from './envelope.ts';

type Failures = [Failure, ...Failure[]];

/** Bounds the answer to a body with very many wrong fields. */
const MAX_FAILURES = 50;
/** The name of an unknown field is shown up to this many characters. */
const SHOWN_KEY_LENGTH = 64;

/**
 * What is wrong with a request, read from the error that fastify raised. Undefined if the request is not to blame but
 * the service. Quotes nothing from a body, since it may hold a secret.
 */
export function requestFailures(error: FastifyError, bodyLimit: number): Failures | undefined {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const inBody = error.validationContext === 'body';
    const [first, ...others] = oneEach(error.validation.flatMap((issue) => issueFailures(issue, inBody)));
    return first === undefined ? undefined : [first, ...others];
  }
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return [{ kind: 'unsupportedMediaType', description: 'send a body of type application/json' }];
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return [{ kind: 'bodyTooLarge', description: `the body is larger than ${bodyLimit} bytes` }];
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return [{ kind: 'malformed', description: 'the body is empty: send a JSON object' }];
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return [{ kind: 'malformed', description: 'the body is not valid JSON' }];
    default:
  }
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return undefined;
  return [{ kind: 'malformed', description: 'the request is malformed' }];
}

/** The first failure of each field, up to the limit: a field may be both too long and not a URL. */
function oneEach(failures: readonly Failure[]): Failure[] {
  const ofField = new Map<string, Failure>();
  for (const failure of failures) {
    const { source = {} } = failure;
    const place = JSON.stringify(source);
    if (!ofField.has(place)) ofField.set(place, failure);
    if (ofField.size === MAX_FAILURES) break;
  }
  return [...ofField.values()];
}

interface Issue {
  readonly keyword?: string;
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params?: Record<string, unknown> | undefined;
}

function issueFailures({ keyword, instancePath, message, params }: Issue, inBody: boolean): Failure[] {
  const path = fieldPath(instancePath);
  if (keyword === 'unrecognized_keys') {
    const keys: unknown = params?.['keys'];
    return Array.isArray(keys) ? keys.map((key) => unrecognizedFailure(path, String(key))) : [];
  }
  const reason = message ?? 'is not valid';
  if (!inBody) {
    return [{ kind: 'invalidParameter', description: `${path}: ${reason}`, source: { parameter: path } }];
  }
  if (path === '') return [{ kind: 'malformed', description: 'the body must be a JSON object' }];
  return [{ kind: 'invalidField', description: `${path}: ${reason}`, source: { field: path } }];
}

/** Fields that GET shows and no request can set. */
const READ_ONLY_FIELDS: ReadonlySet<string> = new Set([
  'applicationId',
  'accountId',
  'sipUri',
  'sipAuthPassword',
]);

/** A field's name is letters, and digits at its end at most: any other may be a secret in the wrong place. */
const FIELD_NAME = /^[A-Za-z_]+\d{0,4}$/;

function unrecognizedFailure(parent: string, key: string): Failure {
  const shown = FIELD_NAME.test(key) && key.length <= SHOWN_KEY_LENGTH ? key : '(a name that is not shown)';
  const field = parent === '' ? shown : `${parent}.${shown}`;
  return READ_ONLY_FIELDS.has(field)
    ? { kind: 'readOnlyField', description: `${field}: is made by the service, not set`, source: { field } }
    : { kind: 'unknownField', description: `${field}: is not a field of this request`, source: { field } };
}

/** `/allowedSourceIps/3` → `allowedSourceIps[3]`. */
function fieldPath(instancePath: string): string {
  const [, first = '', ...rest] = instancePath.split('/');
  return rest.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`), first);
}
