import type { HttpAnswer } from './http.ts';

/**
 * What an answer holds, read as far as it can be. Where it deviates from the documented form only the rule about that
 * form is broken (app.envelope); all others are judged on what is there.
 */

/** A JSON object. */
export type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or the only one of a list. */
function soleObject(value: unknown): Members | undefined {
  const sole: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isObject(sole) ? sole : undefined;
}

/** The members of an envelope. */
const ENVELOPE = new Set(['links', 'data', 'errors']);

/**
 * The application that an answer shows: in `data`, as documented, in a list of one or one level deeper there, or where
 * there is no `data`, the body itself. Undefined where it shows none.
 */
export function applicationIn({ json }: Pick<HttpAnswer, 'json'>): Members | undefined {
  const body = soleObject(json);
  if (!body) return undefined;
  if (!Object.hasOwn(body, 'data'))
    return Object.keys(body).every((name) => ENVELOPE.has(name)) ? undefined : body;
  const data = soleObject(body['data']);
  const [inner, ...others] = Object.values(data ?? {});
  return others.length === 0 && isObject(inner) ? inner : data;
}

/** One error of a refusal. Where `source` is there it says which field the error is about, otherwise the description does. */
export interface RefusalError {
  readonly description: string;
  readonly source: Members;
}

/** The errors that a refusal tells. */
export interface ToldErrors {
  readonly errors: readonly RefusalError[];
  /** Whether they are a list, so that they can be counted. */
  readonly isList: boolean;
}

/**
 * The errors in `errors`, or a single one outside of a list. Where it has neither, the whole body is one description.
 */
export function errorsIn({ json, text }: Pick<HttpAnswer, 'json' | 'text'>): ToldErrors {
  const errors = isObject(json) ? json['errors'] : undefined;
  if (Array.isArray(errors)) return { errors: errors.map(errorFrom), isList: true };
  return { errors: [errorFrom(isObject(errors) ? errors : text)], isList: false };
}

function errorFrom(value: unknown): RefusalError {
  if (!isObject(value)) return { description: typeof value === 'string' ? value : '', source: {} };
  const { description, source } = value;
  return {
    description: typeof description === 'string' ? description : '',
    source: isObject(source) ? source : {},
  };
}

/** A text that is not empty, or a whole number as a text. */
function idFrom(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The id of the application that a success made: its `applicationId`, or the end of Location (RFC 9110 section 15.3.2). */
export function applicationIdIn(answer: Pick<HttpAnswer, 'json' | 'headers'>): string | undefined {
  const id = idFrom(applicationIn(answer)?.['applicationId']);
  if (id !== undefined) return id;
  const location = answer.headers.get('location');
  const path = location === null ? undefined : URL.parse(location, 'http://any.example')?.pathname;
  const [, last] = /\/voice-applications\/([^/]+)\/?$/.exec(path ?? '') ?? [];
  return last === undefined ? undefined : decoded(last);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The exchange in words, for a reader who looks for what is missing: names of members, and no values. */
export function exchangeInWords(answer: HttpAnswer): string {
  const { method, url } = answer.request;
  return `${method} ${url} was answered ${answer.status} with ${contentInWords(answer)}`;
}

function contentInWords({ text, json, headers }: HttpAnswer): string {
  if (text === '') return 'no body';
  if (json === undefined)
    return `a body that is no JSON (${headers.get('content-type') ?? 'without a content type'})`;
  return shape(json, 2);
}

/** The members of a JSON value by name, to this depth. */
function shape(value: unknown, depth: number): string {
  if (Array.isArray(value))
    return value.length === 0 || depth === 0 ? '[]' : `[${shape(value[0], depth - 1)}]`;
  if (!isObject(value)) return value === null ? 'null' : `a ${typeof value}`;
  if (depth === 0) return '{…}';
  const members = Object.entries(value).map(([name, member]) => {
    const inner = isObject(member) ? shape(member, depth - 1) : '';
    return inner === '' ? name : `${name}: ${inner}`;
  });
  return `{${members.join(', ')}}`;
}
